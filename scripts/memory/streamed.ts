// Trains for some minutes at batch 32 on images that few memories would hold: 50,000 of 224×224×3, 7.5 GB, made up as
// they are asked for. Prints what it held.

import {
  conv2d,
  dense,
  globalAveragePool2d,
  imageSource,
  maxPool2d,
  nodePlatform,
  sequential,
} from "#heddle/node/index.js";
import { wholeNumber } from "../arguments.js";
import { mebibytes, report } from "./report.js";

const minutes = wholeNumber(process.argv[2] ?? "", "minutes");
const count = 50_000;
const classes = 10;
const inputShape = [224, 224, 3];
const size = 224 * 224 * 3;
const row = 224 * 3;
/** Seconds between two looks at the memory. */
const interval = 10;

const labels = Uint8Array.from({ length: count }, (_, index) => index % classes);

/** Noise, and a brighter band that says the class. */
async function read(index: number): Promise<Uint8Array> {
  const image = new Uint8Array(size);
  let state = index + 1;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    image[at] = state >>> 25;
  }
  const top = 12 + labels[index] * 20;
  for (let at = top * row; at < (top + 20) * row; at++) image[at] += 60;
  return image;
}

const block = (filters: number) => [conv2d({ filters, kernelSize: 3, activation: "relu" }), maxPool2d()];
const layers = [...[32, 64, 64, 128].flatMap(block), globalAveragePool2d(), dense({ units: classes })];
const model = sequential(layers, { inputShape }).compile({ threads: nodePlatform.cores });

const started = performance.now();
const over: { seconds: number; steps: number; resident: number }[] = [];
let steps = 0;
let arena = 0;
const look = (): void => {
  const seconds = Math.round((performance.now() - started) / 1000);
  over.push({ seconds, steps, resident: mebibytes(process.memoryUsage.rss()) });
  console.error(JSON.stringify(over.at(-1)));
};
const watch = setInterval(look, interval * 1000);
await model.fit(
  { train: imageSource({ labels, read }) },
  {
    batchSize: 32,
    signal: AbortSignal.timeout(minutes * 60_000),
    callbacks: [
      {
        onStart: ({ arenaBytes }) => {
          arena = mebibytes(arenaBytes);
        },
        onStep: () => {
          steps++;
        },
      },
    ],
  },
);
clearInterval(watch);
look();
await model.dispose();
report({
  training: `50,000 images of 224×224×3 from a source (${mebibytes(count * size)} MiB), batch 32: ${minutes} minutes`,
  arena,
  steps,
  over,
});
