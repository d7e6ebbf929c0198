import { graphOf } from "../graph/index.js";
import { dense } from "../layers/dense.js";
import { globalAveragePool2d } from "../layers/global-average-pool2d.js";
import { input } from "../layers/value.js";
import { checkSmallest, graphDefinition, type ModelDefinition } from "./definition.js";
import { normalized } from "./normalized.js";
import { relu, residualBlock } from "./residual-block.js";
import { torchNorm } from "./torch-norm.js";

/** Filters of each stage; all but the first halve height and width. */
const stages = [16, 32, 64];

/** @param depth layers with weights that follow each other: 6 · blocks of a stage + 2 */
function resNet(depth: 20 | 32 | 56): ModelDefinition {
  const name = `resNet${depth}`;
  const blocks = (depth - 2) / 6;
  return graphDefinition({
    name,
    title: `ResNet-${depth}`,
    why:
      "He et al. 2016 (Deep Residual Learning for Image Recognition, section 4.2): a 3×3 convolution of 16 filters, " +
      `three stages of ${blocks} blocks with two 3×3 convolutions each, of 16, 32 and 64 filters, and a dense layer ` +
      "over the global average; batch normalization behind every convolution, and He's normal first weights. Where " +
      "sizes change, the shortcut is a normalized 1×1 convolution of stride 2: the paper's option B. On small images " +
      "it has option A, which fills new channels with zeros; no layer here does that, B has but 2,560 weights more, " +
      "and the paper's own Table 3 finds it slightly better. Left open and chosen: convolutions have no " +
      "bias, which the normalization would take out again; running statistics keep 0.9 a step and ε is 10⁻⁵, as Torch has " +
      "them; the dense layer begins with Glorot's weights; a window of stride 2 over an even size has its zeros at " +
      "the end alone, as in Keras; odd sizes halve upwards. Takes images of 4 pixels and more.",
    graph: (inputShape, classes) => {
      checkSmallest(name, inputShape, 4, "its strides halve images twice");
      const images = input(inputShape);
      const stem = { name: "stem_conv", normName: "stem_norm", filters: stages[0], kernelSize: 3 };
      let x = relu("stem_relu")(normalized(images, { ...stem, norm: torchNorm }));
      stages.forEach((filters, stage) => {
        for (let index = 0; index < blocks; index++) {
          const strides = stage > 0 && index === 0 ? 2 : 1;
          x = residualBlock(x, `stage${stage + 1}_block${index + 1}`, { filters, strides });
        }
      });
      const average = globalAveragePool2d({ name: "average" })(x);
      return graphOf(images, dense({ name: "output", units: classes })(average));
    },
  });
}

export const resNet20 = resNet(20);
export const resNet32 = resNet(32);
export const resNet56 = resNet(56);
