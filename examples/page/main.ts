// Trains on made-up pictures of bars in a worker, shows how far it is, and lets it tell new ones apart.
// docs/web.md says how to serve it. Expect all of them to be named rightly, within a second or two.
import { chainOf, dense, flatten, startModel } from "heddle/web";

const size = 8;
const classNames = ["upright", "level"];

/** Picture n shows two bars of kind n mod 2, at a place of its own. */
function bars(first: number, count: number) {
  const labels = Uint8Array.from({ length: count }, (_, image) => (first + image) % 2);
  const images = Uint8Array.from({ length: count * size * size }, (_, pixel) => {
    const image = Math.floor(pixel / size ** 2);
    const along = labels[image] === 0 ? pixel % size : Math.floor(pixel / size) % size;
    return (along + first + image) % 4 === 0 ? 220 : ((pixel * 7919) % 97) + 20;
  });
  return { images, labels };
}

const output = document.querySelector("output")!;
const show = (words: string) => {
  output.textContent = words;
};

try {
  const layers = [flatten(), dense({ units: 16, activation: "relu" }), dense({ units: 2 })];
  await using model = await startModel(chainOf(layers, [size, size, 1]));
  await model.compile({ learningRate: 0.01, threads: 2 });
  let threads = 0;
  await model.fit(
    { classNames, train: bars(0, 400) },
    {
      epochs: 5,
      batchSize: 16,
      callbacks: [
        {
          onStart: (event) => {
            threads = event.threads;
          },
          onStep: ({ step, stepsPerEpoch }) => show(`step ${step} of ${stepsPerEpoch}`),
          onEpoch: ({ epoch, validationAccuracy }) => show(`epoch ${epoch}: ${validationAccuracy}`),
        },
      ],
    },
  );
  const { accuracy } = await model.evaluate(bars(400, 100));
  show(`Trained, ${accuracy * 100} of 100 right, threads: ${threads}`);
} catch (error) {
  show(String(error));
}
