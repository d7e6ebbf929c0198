// What a process takes at most that trains on images which it makes up as they are asked for, for memory.test.ts:
//   node dist/node/testing/streamed-images.js <images>
// prints JSON: the bytes of all images, and the most that was ever resident.
import { readFileSync } from "node:fs";
import { conv2d, dense, flatten, imageSource, sequential } from "../index.js";

const inputShape = [128, 128, 3];
const size = 128 * 128 * 3;
const count = Number(process.argv[2]);

/** Images of class c are brighter in its half. */
const source = imageSource({
  labels: Uint8Array.from({ length: count }, (_, index) => index % 2),
  read: async (index) => {
    const image = new Uint8Array(size).fill((index * 37) % 100);
    return image.fill(200, ((index % 2) * size) / 2, ((1 + (index % 2)) * size) / 2);
  },
});

const layers = [
  conv2d({ filters: 4, kernelSize: 5, strides: 4, activation: "relu" }),
  flatten(),
  dense({ units: 2 }),
];
const model = sequential(layers, { inputShape }).compile({ threads: 1 });
const { epochs } = await model.fit({ train: source }, { batchSize: 32 });
const { accuracy } = await model.evaluate(source);
await model.dispose();
const peak = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
console.log(
  JSON.stringify({
    mebibytesOfImages: (count * size) / 1024 ** 2,
    mebibytes: Number(peak?.[1]) / 1024,
    accuracy,
    trained: epochs[0].trainAccuracy,
  }),
);
