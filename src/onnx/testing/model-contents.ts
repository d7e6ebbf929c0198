import assert from "node:assert/strict";
import type { ModelContents } from "../../core/formats/model-file.js";
import { encodeModel } from "../../core/formats/model-file.js";
import { type Graph, graphConfig, tensorsOf } from "../../core/graph/index.js";
import {
  deterministicImages,
  deterministicNormalization,
  deterministicParameters,
} from "../../core/kernels/reference/testing/deterministic.js";
import { type Shape, shapeSize } from "../../core/layers/index.js";
import { modelFromFile } from "../../node/node-model.js";
import { nodePlatform } from "../../node/platform.js";

/** A graph as a model at rest, every tensor of it away from what it begins with. */
export function contentsOf(graph: Graph, more: Partial<ModelContents> = {}): ModelContents {
  const specs = tensorsOf(graph);
  const values = deterministicParameters(specs);
  return {
    layers: graphConfig(graph),
    inputShape: graph.inputShape,
    normalization: deterministicNormalization(graph.inputShape[graph.inputShape.length - 1]),
    classNames: Array.from({ length: graph.outputShape[0] }, (_, index) => `class ${index}`),
    tensors: specs.map(({ name, shape }) => ({ name, shape, data: values.get(name)! })),
    ...more,
  };
}

/** Made-up images, as bytes [N, H, W, C]. */
export const imagesFor = ({ inputShape }: ModelContents, count: number): Uint8Array =>
  deterministicImages(count, shapeSize(inputShape));

/** What heddle's engine says of images. */
export async function probabilitiesOf(contents: ModelContents, images: Uint8Array): Promise<Float32Array> {
  const model = modelFromFile(encodeModel(contents), "the model", { platform: nodePlatform });
  await model.compile({ threads: 1, loss: contents.loss });
  try {
    return await model.predict(images);
  } finally {
    await model.dispose();
  }
}

/** Images as a file's input "normalized" is: floats [N, C, H, W]. */
export function normalized(
  { inputShape: [height, width, channels], normalization: { mean, deviation } }: ModelContents,
  images: Uint8Array,
): Float32Array {
  return channelsFirst([height, width, channels], images).map(
    (pixel, index) =>
      (pixel / 255 - mean[Math.floor(index / (height * width)) % channels]) /
      deviation[Math.floor(index / (height * width)) % channels],
  );
}

/** [N, H, W, C] as floats [N, C, H, W]. */
export function channelsFirst([height, width, channels]: Shape, images: Uint8Array): Float32Array {
  const area = height * width;
  return Float32Array.from(images, (_, index) => {
    const [image, within] = [Math.floor(index / (area * channels)), index % (area * channels)];
    return images[image * area * channels + (within % area) * channels + Math.floor(within / area)];
  });
}

/** Probabilities to 1e-5. */
export function assertClose(given: ArrayLike<number>, wanted: ArrayLike<number>): void {
  assert.equal(given.length, wanted.length);
  for (let index = 0; index < wanted.length; index++)
    assert.ok(
      Math.abs(given[index] - wanted[index]) <= 1e-5,
      `${index}: ${given[index]}, wanted ${wanted[index]}`,
    );
}
