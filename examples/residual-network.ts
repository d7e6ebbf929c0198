// Trains a residual network, a graph in which convolutions have a way around them, on Fashion-MNIST.
//
//   node dist/examples/residual-network.js
//   node dist/examples/residual-network.js FOLDER EPOCHS LIMIT   (four IDX files of your own, fewer images)
//
// Expect about 91 % of the test images to be named rightly after the three epochs that it trains by default.
import {
  activation,
  add,
  batchNorm,
  conv2d,
  dense,
  globalAveragePool2d,
  input,
  loadDataset,
  model,
  oneCycle,
  type Value,
} from "heddle";

const [data = "fashion-mnist", epochs = "3", limit] = process.argv.slice(2);
const { dataset } = await loadDataset(data);

/** relu(f(x) + x) of He et al. 2016; where the sizes change, a convolution of kernelSize 1 brings x to the new ones. */
function block(x: Value, filters: number, strides = 1): Value {
  const first = conv2d({ filters, kernelSize: 3, strides, padding: "same" })(x);
  const second = conv2d({ filters, kernelSize: 3, padding: "same" })(activation("relu")(batchNorm()(first)));
  const skip = strides === 1 ? x : conv2d({ filters, kernelSize: 1, strides, padding: "same" })(x);
  return activation("relu")(add()([batchNorm()(second), skip]));
}

const images = input(dataset.imageShape);
const stem = conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" })(images);
const features = block(block(block(stem, 16), 32, 2), 64, 2);
const logits = dense({ units: dataset.classNames.length })(globalAveragePool2d()(features));

await using network = model(images, logits, { name: "residual" });
network.compile({ optimizer: "adam", schedule: oneCycle({ learningRate: 0.005 }) });
console.log(network.summary());

await network.fit(dataset, {
  epochs: Number(epochs),
  limit: limit === undefined ? undefined : Number(limit),
  callbacks: [
    {
      onEpoch({ epoch, validationAccuracy }) {
        console.log(`epoch ${epoch}: validation accuracy ${validationAccuracy.toFixed(4)}`);
      },
    },
  ],
});
const { accuracy } = await network.evaluate(dataset.test);
console.log(`test accuracy ${accuracy.toFixed(4)}`);
