// Trains a small convolutional network on Fashion-MNIST, event by event, and prints how it does on each class.
//
//   node dist/examples/fashion-mnist.js
//   node dist/examples/fashion-mnist.js FOLDER EPOCHS LIMIT   (four IDX files of your own, fewer images)
//
// Expect about 88 % of the test images to be named rightly after the three epochs that it trains by default.
import { conv2d, dense, dropout, dynamicDecay, flatten, loadDataset, maxPool2d, sequential } from "heddle";

const [data = "fashion-mnist", epochs = "3", limit] = process.argv.slice(2);
const { dataset } = await loadDataset(data);

await using model = sequential(
  [
    conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" }),
    maxPool2d(),
    conv2d({ filters: 32, kernelSize: 3, padding: "same", activation: "relu" }),
    maxPool2d(),
    flatten(),
    dense({ units: 128, activation: "relu" }),
    dropout(0.25),
    dense({ units: dataset.classNames.length }),
  ],
  { inputShape: dataset.imageShape, name: "small", seed: 1 },
);
model.compile({ optimizer: "adam", schedule: dynamicDecay({ learningRate: 0.002 }) });
console.log(model.summary());

const events = model.fitEvents(dataset, {
  epochs: Number(epochs),
  limit: limit === undefined ? undefined : Number(limit),
  restoreBestWeights: true,
});
for await (const event of events) {
  switch (event.event) {
    case "step":
      if (event.step % 50 === 0) console.log(`  step ${event.step}: loss ${event.trainLoss.toFixed(3)}`);
      break;
    case "epoch":
      console.log(`epoch ${event.epoch}: validation accuracy ${event.validationAccuracy.toFixed(4)}`);
      break;
    case "warning":
      console.log(event.message);
      break;
  }
}

const { accuracy, classes } = await model.evaluate(dataset.test);
console.log(`\n${"class".padEnd(12)} precision  recall      F1`);
for (const { name, precision, recall, f1 } of classes) {
  const figures = [precision, recall, f1].map((figure) => figure.toFixed(3).padStart(7));
  console.log(`${name.padEnd(12)}   ${figures.join(" ")}`);
}
console.log(`\ntest accuracy ${accuracy.toFixed(4)}`);
