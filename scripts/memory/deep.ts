// Eight 3×3 convolutions on images of 224×224×3 at batch 32, three epochs of 64 images. Prints what it held.
import { conv2d, dense, flatten, maxPool2d, sequential } from "#heddle/node/index.js";
import { mebibytes, report } from "./report.js";

const inputShape = [224, 224, 3];
const count = 64;
const classes = 10;
const images = new Uint8Array(count * 224 * 224 * 3);
for (let at = 0; at < images.length; at++) images[at] = Math.imul(at, 2_654_435_761) >>> 21;
const labels = Uint8Array.from({ length: count }, (_, index) => index % classes);

const block = (filters: number) => [
  ...Array.from({ length: 2 }, () => conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu" })),
  maxPool2d(),
];
const layers = [...[64, 128, 256, 512].flatMap(block), flatten(), dense({ units: classes })];
const model = sequential(layers, { inputShape });
let arena = 0;
let steps = 0;
await model.fit(
  { train: { count, images, labels } },
  {
    epochs: 3,
    batchSize: 32,
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
await model.dispose();
report({
  training: "eight 3×3 convolutions of 64 to 512 filters on 224×224×3, batch 32: three epochs of 64 images",
  arena,
  steps,
});
