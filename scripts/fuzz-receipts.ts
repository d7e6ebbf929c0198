// Holds the reader of receipts against changed ones, a million unless told otherwise:
//   npm run build && node dist/scripts/fuzz-receipts.js [count]
// Prints what came of them, and fails at the first that is neither read nor refused in words.

import { HeddleError } from "#heddle/core/errors.js";
import { createRandom } from "#heddle/core/random.js";
import { parseReceipt } from "#heddle/run/receipt/receipt.js";
import { wholeNumber } from "./arguments.js";
import { exampleReceipt } from "./fuzz/example-receipt.js";
import { hostileReceipt } from "./fuzz/hostile-receipt.js";

const count = wholeNumber(process.argv[2] ?? "1000000", "receipts");
const text = await exampleReceipt();

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
