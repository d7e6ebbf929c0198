import { writeFileSync } from "node:fs";
import { createNetwork } from "#heddle/core/engine/create.js";
import type { Network } from "#heddle/core/engine/network.js";
import { type Graph, graphConfig, tensorsOf } from "#heddle/core/graph/index.js";
import { sgd } from "#heddle/core/optimizers/index.js";
import { createRandom } from "#heddle/core/random.js";
import { initialWeights } from "#heddle/core/training/weights.js";
import { unwhitened, whitened } from "#heddle/core/training/whitening.js";
import { type DatasetInMemory, type NamedTensor, nodePlatform } from "#heddle/node/index.js";

/** Pixels enter as (p − 128) / 128, which float32 holds exactly. */
const centred = 128 / 255;

/** Deviation of what is added to kernels that pass their input on. */
const noise = 0.1;

/**
 * What passes on its input leaves flat parts of images flat, whose values tie in a max-pool, and rounding alone decides
 * which of them gets the gradient: noise unties them.
 */
function untied(weights: readonly NamedTensor[], graph: Graph, seed: number): readonly NamedTensor[] {
  const random = createRandom(seed);
  const passing = new Set(
    tensorsOf(graph)
      .filter(({ initializer }) => initializer === "dirac" || initializer === "diracUniform")
      .map(({ name }) => name),
  );
  return weights.map((tensor) =>
    passing.has(tensor.name)
      ? { ...tensor, data: tensor.data.map((value) => value + noise * random.normal()) }
      : tensor,
  );
}

/** Where a batch's numbers lie, and what was computed of them: a line that pytorch.py reads. */
export interface BatchWork {
  readonly layers: readonly object[];
  readonly labels: readonly number[];
  /** Float32 after float32, in the order of `parts`. */
  readonly file: string;
  readonly parts: Readonly<
    Record<"weights" | "kept" | "images" | "gradients", readonly [string, readonly number[]][]>
  >;
}

/**
 * One training step of the engine from a graph's first weights.
 *
 * @param number which batch of the training images, and the seed of the weights
 */
export async function stepOf(
  graph: Graph,
  { train, imageShape }: DatasetInMemory,
  { batchSize, number, file }: { readonly batchSize: number; readonly number: number; readonly file: string },
): Promise<BatchWork> {
  const channels = imageShape[2];
  const network = (await createNetwork({
    graph,
    trainBatchSize: batchSize,
    inferenceBatchSize: 0,
    optimizer: sgd(),
    threads: nodePlatform.cores,
    platform: nodePlatform,
  })) as Network & { readGradients(): NamedTensor[] };
  try {
    const same = Array<number>(channels).fill(centred);
    const normalization = { mean: same, deviation: same };
    const size = train.images.length / train.count;
    const first = (number - 1) * batchSize;
    const images = train.images.slice(first * size, (first + batchSize) * size);
    const drawn = initialWeights(graph, number);
    const kernels = unwhitened(graph, drawn);
    for (const { moments } of kernels) moments.add(images);
    const weights = untied(whitened(drawn, kernels, normalization), graph, number);
    await network.writeParameters(weights);
    await network.setNormalization(normalization);
    const labels = train.labels.slice(first, first + batchSize);
    const at = { step: 0, optimizerStep: 0, seed: 1, learningRate: 0 };
    await network.trainStep({ images, labels, ...at });
    const gradients = network.readGradients().map((tensor) => ({ ...tensor, data: tensor.data.slice() }));
    const trained = new Set(gradients.map(({ name }) => name));
    const pixels: NamedTensor = {
      name: "images",
      shape: [batchSize, ...imageShape],
      data: Float32Array.from(images, (byte) => (byte - 128) / 128),
    };
    const parts = {
      weights: weights.filter(({ name }) => trained.has(name)),
      kept: weights.filter(({ name }) => !trained.has(name)),
      images: [pixels],
      gradients,
    };
    const numbers = Object.values(parts).flat();
    writeFileSync(
      file,
      Buffer.concat(numbers.map(({ data }) => Buffer.from(new Uint8Array(data.slice().buffer)))),
    );
    const shapes = (tensors: readonly NamedTensor[]): [string, readonly number[]][] =>
      tensors.map(({ name, shape }) => [name, shape]);
    return {
      layers: graphConfig(graph),
      labels: [...labels],
      file,
      parts: {
        weights: shapes(parts.weights),
        kept: shapes(parts.kept),
        images: shapes(parts.images),
        gradients: shapes(parts.gradients),
      },
    };
  } finally {
    await network.close();
  }
}
