// The paper's training: the Proposed CNN on Fashion-MNIST at batch 128, an epoch and a test. Prints what it held.
import { loadDataset, modelDefinitions, sequential } from "#heddle/node/index.js";
import { mebibytes, report } from "./report.js";

const inputShape = [28, 28, 1];
const { dataset } = await loadDataset("fashion-mnist");
const model = sequential(modelDefinitions.proposed.layers(inputShape, 10), { inputShape });
let arena = 0;
let steps = 0;
await model.fit(dataset, {
  epochs: 1,
  batchSize: 128,
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
});
await model.evaluate(dataset.test);
await model.dispose();
report({
  training: "the Proposed CNN on Fashion-MNIST, batch 128: an epoch and a test, the data set included",
  arena,
  steps,
});
