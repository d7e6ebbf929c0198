// Holds what reads the bodies of a server's requests against changed ones, a million of each kind unless told otherwise:
//   npm run build && node dist/scripts/fuzz-requests.js [count]
// Prints what came of them, and fails at the first that is neither read nor refused in words.

import { createRandom, type Random } from "#heddle/core/random.js";
import { HttpError } from "#heddle/serve/http/http-error.js";
import { readInferRequest } from "#heddle/serve/protocol/infer-request.js";
import { readMultipart } from "#heddle/serve/protocol/multipart.js";
import { wholeNumber } from "./arguments.js";

const count = wholeNumber(process.argv[2] ?? "1000000", "requests");
const shape = [2, 3, 1];
const pixels = Buffer.from([0, 1, 2, 253, 254, 255]);
const tensor = { name: "images", shape: [1, ...shape], datatype: "UINT8" };
const json = (input: object): Buffer =>
  Buffer.from(
    JSON.stringify({ id: "7", inputs: [{ ...tensor, ...input }], outputs: [{ name: "probabilities" }] }),
  );
const head = json({ parameters: { binary_data_size: pixels.length } });
const form = Buffer.from(
  '--b\r\nContent-Disposition: form-data; name="a"; filename="a.png"\r\n\r\n0123\r\n--b\r\n' +
    'Content-Disposition: form-data; name="b"\r\n\r\n\r\n--b--\r\n',
);

/** Some bytes changed, cut out, repeated or put in: words of the formats as often as noise. */
function changed(bytes: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes);
  const words = ["--b", "\r\n", "{", "}", "[", "]", ",", '"', "-", "1e999", "null", "2147483648", "\u0000"];
  for (let change = 0; change <= random.below(4); change++) {
    const at = random.below(result.length + 1);
    const end = Math.min(result.length, at + random.below(12));
    const put = [
      () => Buffer.from(words[random.below(words.length)]),
      () => Buffer.from([random.below(256)]),
      () => result.subarray(at, end),
      () => Buffer.alloc(0),
    ][random.below(4)]();
    const behind = random.below(2) === 0 ? at : end;
    result = Buffer.concat([result.subarray(0, at), put, result.subarray(behind)]);
  }
  return result;
}

const kinds: Readonly<Record<string, (random: Random) => unknown>> = {
  "tensors in JSON": (random) =>
    readInferRequest(changed(json({ data: [...pixels] }), random), undefined, shape),
  "tensors behind JSON": (random) => {
    const length = random.below(3) === 0 ? random.below(200) : head.length;
    return readInferRequest(changed(Buffer.concat([head, pixels]), random), String(length), shape);
  },
  forms: (random) =>
    readMultipart(changed(form, random), random.below(20) === 0 ? "x" : "multipart/form-data; boundary=b", 8),
};

for (const [kind, read] of Object.entries(kinds)) {
  let whole = 0;
  let longest = 0;
  const memory = process.memoryUsage().heapUsed;
  for (let seed = 0; seed < count; seed++) {
    const begun = performance.now();
    try {
      read(createRandom(seed));
      whole++;
    } catch (error) {
      if (!(error instanceof HttpError)) {
        console.error(`${kind}, seed ${seed}: ${error instanceof Error ? error.stack : error}`);
        process.exit(1);
      }
    }
    longest = Math.max(longest, performance.now() - begun);
  }
  globalThis.gc?.();
  const grown = (process.memoryUsage().heapUsed - memory) / 2 ** 20;
  console.log(
    `${count} changed ${kind}: ${whole} were read, ${count - whole} refused in words, each within ${longest.toFixed(0)} ms; the heap grew by ${grown.toFixed(0)} MiB.`,
  );
}
