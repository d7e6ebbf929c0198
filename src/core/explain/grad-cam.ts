import type { Normalization } from "../data/dataset.js";
import { scaleAndShift } from "../data/normalization.js";
import { type Graph, graphOf, images as imagesIndex, rebuild } from "../graph/index.js";
import { concatenate } from "../layers/concatenate.js";
import { flatten } from "../layers/flatten.js";
import { shapeSize } from "../layers/shape.js";
import { apply } from "../layers/value.js";
import { heatOf, resized } from "./heat.js";
import type { ExplainedModel, Heat, HeatWork } from "./heat-work.js";
import { tailOf } from "./tail.js";
import { targetNode } from "./target-node.js";

/** Images whose maps are in memory at once. */
const atOnce = 8;

/**
 * Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391): where in an image a convolution's maps Aᵏ, [h, w], speak for a
 * class c, as ReLU(Σₖ αₖ Aᵏ) with αₖ the mean over the map of ∂ logit(c) / ∂ Aᵏ, enlarged to the image.
 *
 * The engine gives the maps; what follows them to the logits, and the way back, is done in double precision.
 *
 * @throws HeddleError where there is no such layer
 */
export async function gradCam(
  { graph, tensors, normalization }: ExplainedModel,
  { imagesFrom, count, classIndexes, layer, withNetwork, platform }: HeatWork,
): Promise<Heat> {
  const { inputShape, nodes } = graph;
  const [height, width] = inputShape;
  const node = targetNode(graph, layer);
  const tail = tailOf(graph, node, tensors);
  const heat = new Float32Array(count * height * width);
  const chosen = new Uint32Array(count);
  const sizeOf = (index: number): number => shapeSize(nodes[index].shape);
  const read = tail.reads.filter((index) => index !== imagesIndex);
  const total = read.reduce((sum, index) => sum + sizeOf(index), 0);
  const explain = (image: Uint8Array, outputs: Float32Array, index: number): void => {
    let from = 0;
    const values = tail.reads.map((index) => {
      if (index === imagesIndex) return normalized(image, normalization);
      from += sizeOf(index);
      return Float64Array.from(outputs.subarray(from - sizeOf(index), from));
    });
    const pass = tail.run(values);
    chosen[index] = classIndexes?.[index] ?? greatest(pass.logits);
    const map = weighed(node.shape, values[0], pass.gradient(chosen[index]));
    heat.set(heatOf(resized(map, height, width).values), index * height * width);
  };
  const before = graphOfMany(graph, read);
  const inferenceBatchSize = Math.max(1, Math.min(atOnce, count));
  await withNetwork({ graph: before, inferenceBatchSize, outputs: "logits" }, async (network) => {
    for (let first = 0; first < count; first += atOnce) {
      const { probabilities: outputs } = await network.predict(imagesFrom(first, atOnce));
      for (let at = 0; at < atOnce && first + at < count; at++) {
        explain(imagesFrom(first + at, 1), outputs.subarray(at * total, (at + 1) * total), first + at);
        await platform.yield();
      }
    }
  });
  return { values: heat, classIndexes: chosen, layer: node.layer.name };
}

/** ReLU(Σₖ αₖ Aᵏ). */
function weighed(
  [height, width, channels]: readonly number[],
  maps: Float64Array,
  gradient: Float64Array,
): { readonly height: number; readonly width: number; readonly values: Float64Array } {
  const pixels = height * width;
  const weights = new Float64Array(channels);
  gradient.forEach((value, at) => {
    weights[at % channels] += value / pixels;
  });
  const values = new Float64Array(pixels);
  maps.forEach((value, at) => {
    values[Math.floor(at / channels)] += weights[at % channels] * value;
  });
  return { height, width, values: values.map((each) => Math.max(0, each)) };
}

/** A graph that ends in the outputs of several nodes, one behind the other. */
function graphOfMany({ nodes, inputShape }: Graph, indices: readonly number[]): Graph {
  const { entry, valueAt } = rebuild(nodes, indices, inputShape);
  const flat = indices.map((index) => {
    const value = valueAt(index);
    return value.shape.length === 1 ? value : apply(flatten(), value);
  });
  return graphOf(entry, flat.length === 1 ? flat[0] : apply(concatenate(), flat));
}

function normalized(image: Uint8Array, normalization: Normalization): Float64Array {
  const { scale, shift } = scaleAndShift(normalization);
  return Float64Array.from(image, (pixel, at) => pixel * scale[at % scale.length] + shift[at % scale.length]);
}

const greatest = (logits: Float64Array): number =>
  logits.reduce((best, each, index) => (each > logits[best] ? index : best), 0);
