import type { Graph } from "../core/graph/index.js";
import { shapeSize } from "../core/layers/index.js";
import { createRandom } from "../core/random.js";
import { type DatasetInMemory, HeddleError, Model, nodePlatform } from "../node/index.js";
import type { CallWorkload } from "./calls.js";
import { type NetworkName, networkGraph } from "./networks.js";

const trainingImages = 1024;
const batchSize = 32;

/** `model.predict` as users call it, on a model that rests, or between two steps of its training. */
export interface PredictRow {
  readonly kind: "predict" | "predict-after-step";
  readonly model: NetworkName;
  /** Of one call. */
  readonly images: number;
}

/** Calls of `predict`; of the kind `predict-after-step` each comes after a training step of 32 images, untimed. */
export async function createPredictCalls(
  { kind, model: name, images: count }: PredictRow,
  threads: number,
): Promise<CallWorkload> {
  const graph = networkGraph(name);
  const model = new Model(graph, { platform: nodePlatform });
  model.compile({ threads, learningRate: 1e-4 });
  const { images } = madeUpData(graph, count).train;
  const timePredict = async (): Promise<number> => {
    const start = performance.now();
    await model.predict(images);
    return performance.now() - start;
  };
  if (kind === "predict") return { timeCall: timePredict, close: () => model.dispose() };
  const data = madeUpData(graph, trainingImages);
  const events = model.fitEvents(data, { epochs: 1_000_000, batchSize, validationShare: 0 });
  return {
    timeCall: async () => {
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new HeddleError("The training ended before the measurement did.");
        if (value.event === "step") return timePredict();
      }
    },
    close: async () => {
      await events.return(undefined);
      await model.dispose();
    },
  };
}

/** Images and labels without a meaning. */
function madeUpData({ inputShape, outputShape: [classes] }: Graph, count: number): DatasetInMemory {
  const random = createRandom(1);
  const images = Uint8Array.from({ length: count * shapeSize(inputShape) }, () => random.below(256));
  const labels = Uint8Array.from({ length: count }, () => random.below(classes));
  const classNames = Array.from({ length: classes }, (_, label) => String(label));
  const set = { count, images, labels };
  return { name: "made-up images", imageShape: inputShape, classNames, train: set, test: set };
}
