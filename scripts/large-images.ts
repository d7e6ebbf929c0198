// Trains on images that no memory here would hold: 50,000 of 224×224×3, 7.5 GB, made up as they are asked for.
//   npm run build && node dist/scripts/large-images.js [minutes] [images]
// trains for some minutes (default 5) at batch 32, in all of which memory must stay flat, and writes
// results/large-images.json: the most that was ever resident, and what was as time went on.
import { readFileSync } from "node:fs";
import {
  conv2d,
  dense,
  globalAveragePool2d,
  imageSource,
  maxPool2d,
  nodePlatform,
  sequential,
} from "#heddle/node/index.js";
import { describeMachine } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";

const minutes = Number(process.argv[2] ?? 5);
const count = Number(process.argv[3] ?? 50_000);
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

const model = sequential(
  [
    conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
    maxPool2d(),
    conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
    maxPool2d(),
    conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
    maxPool2d(),
    conv2d({ filters: 128, kernelSize: 3, activation: "relu" }),
    maxPool2d(),
    globalAveragePool2d(),
    dense({ units: classes }),
  ],
  { inputShape },
).compile({ threads: nodePlatform.cores });

const mebibytes = (kibibytes: number): number => Math.round(kibibytes / 1024);
const resident = (name: "VmHWM" | "VmRSS"): number =>
  mebibytes(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))?.[1]));

const started = performance.now();
const secondsGone = (): number => Math.round((performance.now() - started) / 1000);
const over: { seconds: number; steps: number; mebibytes: number }[] = [];
let steps = 0;
let arenaBytes = 0;
let loss = 0;
const look = (): void => {
  over.push({ seconds: secondsGone(), steps, mebibytes: resident("VmRSS") });
  console.log(JSON.stringify(over.at(-1)), loss.toFixed(4));
};
const watch = setInterval(look, interval * 1000);

const { end } = await model.fit(
  { train: imageSource({ labels, read }) },
  {
    batchSize: 32,
    signal: AbortSignal.timeout(minutes * 60_000),
    callbacks: [
      {
        onStart: (event) => {
          arenaBytes = event.arenaBytes;
          console.log(
            `The arena has ${mebibytes(arenaBytes / 1024)} MiB; measured after ${secondsGone()} s.`,
          );
        },
        onStep: (event) => {
          steps++;
          loss = event.trainLoss;
        },
      },
    ],
  },
);
clearInterval(watch);
look();
await model.dispose();
const file = writeResult("large-images.json", {
  environment: describeMachine(),
  command: `node dist/scripts/large-images.js ${minutes} ${count}`,
  images: count,
  inputShape,
  mebibytesOfImages: mebibytes((count * size) / 1024),
  batchSize: 32,
  threads: nodePlatform.cores,
  arenaMebibytes: mebibytes(arenaBytes / 1024),
  peakMebibytes: resident("VmHWM"),
  ended: end.reason,
  over,
});
console.log(`At most ${resident("VmHWM")} MiB were resident: ${file}.`);
