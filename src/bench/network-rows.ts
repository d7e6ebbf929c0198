import type { Normalization } from "../core/data/dataset.js";
import { pickImages } from "../core/data/pick-images.js";
import { createNetwork } from "../core/engine/create.js";
import type { Network, NetworkOptions } from "../core/engine/network.js";
import { summarize } from "../core/graph/index.js";
import { type Shape, shapeSize } from "../core/layers/index.js";
import type { NamedTensor } from "../core/named-tensor.js";
import { adam } from "../core/optimizers/index.js";
import { createRandom } from "../core/random.js";
import { initialWeights } from "../core/training/weights.js";
import { nodePlatform } from "../node/platform.js";
import type { Workload } from "./measure.js";
import { type NetworkName, networkGraph } from "./networks.js";

/** A whole training step (forward with dropout, loss, backward, optimizer) or a forward pass. */
export interface NetworkRow {
  readonly kind: "train" | "infer";
  readonly model: NetworkName;
  readonly batch: number;
  /** Of its images, [H, W, C] (default: what its kind has). */
  readonly inputShape?: Shape;
}

/** `train/resNet20/128`, of images of another shape than usual `train/resNet20/128/28x28x1`. */
export const networkRowName = ({ kind, model, batch, inputShape }: NetworkRow): string =>
  [kind, model, batch, ...(inputShape ? [inputShape.join("x")] : [])].join("/");

/** 6 (inference: 2) × the model's multiply-adds × batch, whatever the engine leaves out. */
export function networkFlops({ kind, model, batch, inputShape }: NetworkRow): number {
  return (kind === "train" ? 6 : 2) * summarize(networkGraph(model, inputShape)).multiplyAdds * batch;
}

/** A network at work, and what it works on. */
export interface NetworkWorkload<Of extends Network = Network> extends Workload {
  readonly network: Of;
  readonly parameters: readonly NamedTensor[];
  /** [count, H, W, C], bytes. */
  readonly images: Uint8Array;
}

/** What pixels of every channel are normalized with: (p / 255 − mean) / deviation. */
export const benchPixels = { mean: 0.5, deviation: 0.3 };

/** The same for images of so many channels. */
export function benchNormalization(channels: number): Normalization {
  const each = (value: number): number[] => Array.from({ length: channels }, () => value);
  return { mean: each(benchPixels.mean), deviation: each(benchPixels.deviation) };
}

/** A network on made-up images. @param create another way to make one, such as `createTimedNetwork` */
export function createNetworkWorkload(row: NetworkRow, threads: number): Promise<NetworkWorkload>;
export function createNetworkWorkload<Of extends Network>(
  row: NetworkRow,
  threads: number,
  create: (options: NetworkOptions) => Promise<Of>,
): Promise<NetworkWorkload<Of>>;
export async function createNetworkWorkload(
  { kind, model, batch, inputShape }: NetworkRow,
  threads: number,
  create: (options: NetworkOptions) => Promise<Network> = createNetwork,
): Promise<NetworkWorkload> {
  const graph = networkGraph(model, inputShape);
  const imageBytes = shapeSize(graph.inputShape);
  const [classes] = graph.outputShape;
  const count = Math.max(batch, 1024);
  const training = kind === "train";
  const network = await create({
    graph,
    trainBatchSize: training ? batch : 0,
    inferenceBatchSize: training ? 0 : batch,
    optimizer: training ? adam() : undefined,
    threads,
    platform: nodePlatform,
  });
  const parameters = initialWeights(graph, 1);
  await network.writeParameters(parameters);
  await network.setNormalization(benchNormalization(graph.inputShape[2]));
  const random = createRandom(1);
  const images = Uint8Array.from({ length: count * imageBytes }, () => random.below(256));
  const labels = Uint8Array.from({ length: count }, () => random.below(classes));
  // They lie ready, as a rival's do: what is timed is the network's.
  const batches = Array.from({ length: Math.ceil(count / batch) }, (_, turn) => {
    const indices = Uint32Array.from({ length: batch }, (__, sample) => (turn * batch + sample) % count);
    return {
      images: pickImages(images, imageBytes, indices),
      labels: Uint8Array.from(indices, (index) => labels[index]),
    };
  });
  let step = 0;
  return {
    network,
    parameters,
    images,
    run: async () => {
      const chosen = batches[step % batches.length];
      if (training)
        await network.trainStep({
          ...chosen,
          step,
          optimizerStep: step,
          seed: 1,
          learningRate: 1e-4,
        });
      else await network.predict(chosen.images);
      step++;
    },
    close: () => network.close(),
  };
}
