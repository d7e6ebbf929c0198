// What a process takes while models are used in one way again and again, for memory.test.ts:
//   node --expose-gc dist/node/testing/memory-use.js <way>
// prints JSON: what it took after a fifth of the turns, and after all of them.
import { readFileSync } from "node:fs";
import { type Dataset, dense, flatten, sequential } from "../index.js";

const inputShape = [64, 64, 1];
const size = 64 * 64;
const count = 256;
const set = {
  count,
  images: Uint8Array.from({ length: count * size }, (_, at) => at * 7),
  labels: Uint8Array.from({ length: count }, (_, image) => image % 4),
};
const dataset: Dataset = {
  name: "made up",
  imageShape: inputShape,
  classNames: [..."abcd"],
  train: set,
  test: set,
};

const images = (count: number): Uint8Array => set.images.subarray(0, count * size);

/** Starting a thread is what takes the time: one in some turns shows as well where they are left. */
const threads = (turn: number): { threads: number } => ({ threads: turn % 4 === 0 ? 2 : 1 });

const build = (turn: number) =>
  sequential([flatten(), dense({ units: 32 }), dense({ units: 4 })], { inputShape }).compile(threads(turn));

const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const one = build(0);

/** How often, and one turn. */
const ways: Readonly<Record<string, readonly [number, (turn: number) => Promise<unknown>]>> = {
  fits: [80, (turn) => one.compile(threads(turn)).fit(dataset, { batchSize: 64 })],
  evaluates: [200, () => one.evaluate(set)],
  predicts: [2000, (turn) => one.predict(images(1 + ((turn * 37) % 200)))],
  models: [
    80,
    async (turn) => {
      const model = build(turn);
      await model.predict(images(3));
      await model.dispose();
    },
  ],
  dropped: [
    30,
    async (turn) => {
      await build(turn).predict(images(3));
      // Nobody has it any more: it is found when the event loop turns.
      await rest(1);
      globalThis.gc?.();
      await rest(20);
    },
  ],
};

async function settled(): Promise<{ mebibytes: number; threads: number }> {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.();
    await rest(20);
  }
  const status = readFileSync("/proc/self/status", "utf8");
  const field = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  return { mebibytes: field("VmRSS") / 1024, threads: field("Threads") };
}

const [turns, use] = ways[process.argv[2]];
let early: Awaited<ReturnType<typeof settled>> | undefined;
for (let turn = 0; turn < turns; turn++) {
  if (turn === turns / 5) early = await settled();
  await use(turn);
}
console.log(JSON.stringify({ early, late: await settled() }));
await one.dispose();
