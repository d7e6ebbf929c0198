// Holds the reader of receipts against changed ones, a million unless told otherwise:
//   npm run build && node dist/scripts/fuzz-receipts.js [count]
// Prints what came of them, and fails at the first that is neither read nor refused in words.

import { HeddleError } from "#heddle/core/errors.js";
import { chainOf } from "#heddle/core/graph/index.js";
import { batchNorm, conv2d, dense, dropout, flatten } from "#heddle/core/layers/index.js";
import { createRandom } from "#heddle/core/random.js";
import { tinyShape } from "#heddle/core/training/testing/tiny-model.js";
import { memoryStore } from "#heddle/run/memory-store.js";
import { parseReceipt, receiptText } from "#heddle/run/receipt/receipt.js";
import { RunFolder } from "#heddle/run/run-folder.js";
import { hostileReceipt } from "#heddle/run/testing/hostile-receipts.js";
import { tinyHost } from "#heddle/run/testing/runs.js";
import { trainRun } from "#heddle/run/train-run.js";

const count = Number(process.argv[2] ?? 1_000_000);
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
    model: chainOf(layers, tinyShape),
    data: "tiny",
    epochs: 3,
    batchSize: 8,
    threads: 1,
    augmentation: "flip,shift=1",
    earlyStopping: { patience: 5 },
    weightAverage: { decay: 0.9 },
    parameterGroups: [{ match: "*.bias", learningRateFactor: 0.5 }],
  },
  { run },
  tinyHost,
);
const text = receiptText((await new RunFolder(run).readReceipt())!);

let read = 0;
let longest = 0;
const memory = process.memoryUsage().heapUsed;
for (let seed = 0; seed < count; seed++) {
  const hostile = hostileReceipt(text, createRandom(seed));
  const begun = performance.now();
  try {
    parseReceipt(hostile, "receipt.json");
    read++;
  } catch (error) {
    if (!(error instanceof HeddleError)) {
      console.error(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
      process.exit(1);
    }
  }
  longest = Math.max(longest, performance.now() - begun);
}
globalThis.gc?.();
const grown = (process.memoryUsage().heapUsed - memory) / 2 ** 20;
console.log(
  `${count} changed receipts: ${read} were read, ${count - read} refused in words, each within ${longest.toFixed(0)} ms; the heap grew by ${grown.toFixed(0)} MiB.`,
);
