// Builds a data set of striped images, trains on it, saves the model, loads it again and lets it predict.
//
//   node dist/examples/save-and-load.js [FILE]
//
// Expect all 150 test images to be named rightly, within a second or two: stripes are easy.
import { type Dataset, dense, flatten, type ImageSet, loadModel, sequential } from "heddle";

const [file = "stripes.safetensors"] = process.argv.slice(2);
const size = 12;
const kinds = ["flat", "upright", "diagonal"];

/** Image n shows stripes of kind n mod 3, four pixels apart, at a place and a brightness of their own. */
function stripes(first: number, count: number): ImageSet {
  const images = new Uint8Array(count * size * size);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const number = first + image;
    const kind = number % kinds.length;
    const shift = Math.floor(number / kinds.length) % 4;
    const brightness = 120 + ((number * 37) % 136);
    labels[image] = kind;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const along = [y, x, x + y][kind];
        const grain = ((number * 131 + y * 17 + x * 29) * 2654435761) % 64;
        images[(image * size + y) * size + x] = (along + shift) % 4 < 2 ? brightness : grain;
      }
    }
  }
  return { count, images, labels };
}

const dataset: Dataset = {
  name: "stripes",
  imageShape: [size, size, 1],
  classNames: kinds,
  train: stripes(0, 600),
  test: stripes(600, 150),
};

await using model = sequential([flatten(), dense({ units: 24, activation: "relu" }), dense({ units: 3 })], {
  inputShape: dataset.imageShape,
});
await model.compile({ learningRate: 0.005 }).fit(dataset, { epochs: 12, batchSize: 32 });
await model.save(file);

await using loaded = await loadModel(file);
const probabilities = await loaded.predict(dataset.test);
let right = 0;
for (let image = 0; image < dataset.test.count; image++) {
  const row = [...probabilities.subarray(image * 3, image * 3 + 3)];
  const predicted = row.indexOf(Math.max(...row));
  if (predicted === dataset.test.labels[image]) right++;
  if (image < 3) console.log(`image ${image}: ${loaded.classNames[predicted]}, ${row[predicted].toFixed(3)}`);
}
console.log(`${right} of ${dataset.test.count} right`);
