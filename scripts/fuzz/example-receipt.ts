import { chainOf } from "#heddle/core/graph/index.js";
import { batchNorm, conv2d, dense, dropout, flatten } from "#heddle/core/layers/index.js";
import { nodeRunHost } from "#heddle/node/run-host.js";
import { memoryStore } from "#heddle/run/memory-store.js";
import { trainRun } from "#heddle/run/train-run.js";

const imageShape = [6, 6, 1];

/** A few images of three classes. */
function images(count: number) {
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 3);
  const pixels = Uint8Array.from(
    { length: count * 36 },
    (_, at) => 80 * labels[Math.floor(at / 36)] + (at % 36),
  );
  return { count, images: pixels, labels };
}

/** The receipt of a small run of many settings, as its file has it. */
export async function exampleReceipt(): Promise<string> {
  const run = memoryStore("run");
  const layers = [
    conv2d({ filters: 4, kernelSize: 3 }),
    batchNorm(),
    dropout(0.2),
    flatten(),
    dense({ units: 3 }),
  ];
  await trainRun(
    {
      model: chainOf(layers, imageShape),
      data: { name: "few", imageShape, classNames: ["a", "b", "c"], train: images(36), test: images(12) },
      epochs: 3,
      batchSize: 8,
      threads: 1,
      augmentation: "flip,shift=1",
      earlyStopping: { patience: 5 },
      weightAverage: { decay: 0.9 },
      parameterGroups: [{ match: "*.bias", learningRateFactor: 0.5 }],
    },
    { run },
    nodeRunHost(),
  );
  return new TextDecoder().decode(await run.read("receipt.json"));
}
