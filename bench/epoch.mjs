// A whole epoch of real training by the wall clock beside bare steps, and the memory it takes; a process of its
// own, so that its peak memory is training's alone:
//   npm run build && node bench/epoch.mjs [epochs]
// prints JSON: { peakBytes, rounds: [{ epochSeconds, stepMs }] }.

import { availableParallelism } from "node:os";
import { time, warmUp } from "../dist/bench/measure.js";
import { createNetworkWorkload } from "../dist/bench/network-rows.js";
import { modelDefinitions } from "../dist/core/models/index.js";
import { loadDataset, sequential } from "../dist/node/index.js";

const epochs = Number(process.argv[2] ?? 3);
const inputShape = [28, 28, 1];
const { dataset } = await loadDataset("fashion-mnist");
const model = sequential(modelDefinitions.proposed.layers(inputShape, 10), { inputShape });
model.compile({ optimizer: "adam", learningRate: 1e-3 });

// One epoch and a test to warm up and to take all the memory that training takes.
await model.fit(dataset, { epochs: 1 });
await model.evaluate(dataset.test);
const peakBytes = process.resourceUsage().maxRSS * 1024;

const steps = await createNetworkWorkload(
  { kind: "train", model: "proposed", batch: 128 },
  availableParallelism(),
);
await warmUp(steps);
const rounds = [];
await model.fit(dataset, {
  epochs,
  callbacks: [
    {
      onEpoch: async ({ seconds }) =>
        void rounds.push({ epochSeconds: seconds, stepMs: await time(steps, 40) }),
    },
  ],
});
await steps.close();
await model.dispose();
console.log(JSON.stringify({ peakBytes, rounds }));
