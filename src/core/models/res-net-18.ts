import { graphOf } from "../graph/index.js";
import { dense } from "../layers/dense.js";
import { globalAveragePool2d } from "../layers/global-average-pool2d.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { input } from "../layers/value.js";
import { zeroPad2d } from "../layers/zero-pad2d.js";
import { checkSmallest, fiveHalvings, graphDefinition } from "./definition.js";
import { normalized } from "./normalized.js";
import { relu, residualBlock } from "./residual-block.js";
import { torchNorm } from "./torch-norm.js";

const name = "resNet18";

/** Filters of each stage; all but the first halve height and width. */
const stages = [64, 128, 256, 512];

export const resNet18 = graphDefinition({
  name,
  title: "ResNet-18",
  why:
    "He et al. 2016 (Deep Residual Learning for Image Recognition, Table 1), as torchvision lays it out, so that weights " +
    "trained there fit tensor by tensor, in this order: a 7×7 convolution and a 3×3 max-pool that both halve, four stages " +
    "of two blocks with 64, 128, 256 and 512 filters, zeros on every side of each window, and a normalized 1×1 convolution " +
    "as shortcut where sizes change. The pool's zeros are a layer of their own: behind a ReLU no value is below them. Running " +
    "statistics keep 0.9 a step and ε is 10⁻⁵. Chosen: He's normal first weights, of the inputs where torchvision takes " +
    "those of the outputs, and the dense layer begins with Glorot's. Made for images of 224 pixels, which it halves five " +
    "times, upwards where they are odd; takes those of 17 and more, and resNet20 is made for small ones.",
  graph: (inputShape, classes) => {
    checkSmallest(name, inputShape, ...fiveHalvings);
    const images = input(inputShape);
    const stem = { name: "stem_conv", normName: "stem_norm", filters: 64, kernelSize: 7, strides: 2 };
    const first = relu("stem_relu")(normalized(images, { ...stem, padding: 3, norm: torchNorm }));
    const framed = zeroPad2d({ name: "stem_zeros", padding: 1 })(first);
    let x = maxPool2d({ name: "stem_pool", poolSize: 3, strides: 2 })(framed);
    stages.forEach((filters, stage) => {
      for (const index of [0, 1]) {
        const strides = stage > 0 && index === 0 ? 2 : 1;
        x = residualBlock(x, `stage${stage + 1}_block${index + 1}`, { filters, strides, padding: 1 });
      }
    });
    const average = globalAveragePool2d({ name: "average" })(x);
    return graphOf(images, dense({ name: "output", units: classes })(average));
  },
});
