// A whole epoch of real training by the wall clock beside bare steps, and the memory it takes; a process of its
// own, so that its peak memory is training's alone:
//   npm run build && node dist/scripts/bench/epoch.js [epochs]
// prints JSON: { peakBytes, rounds: [{ epochSeconds, stepMs }] }.
import { availableParallelism } from "node:os";
import { loadDataset, modelDefinitions, sequential } from "heddle";
import { time, warmUp } from "#heddle/bench/measure.js";
import { createNetworkWorkload } from "#heddle/bench/network-rows.js";
import type { EpochResult } from "./result-files.js";

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
const rounds: EpochResult["rounds"][number][] = [];
const onEpoch = async ({ seconds }: { readonly seconds: number }): Promise<void> => {
  rounds.push({ epochSeconds: seconds, stepMs: await time(steps, 40) });
};
await model.fit(dataset, { epochs, callbacks: [{ onEpoch }] });
await steps.close();
await model.dispose();
console.log(JSON.stringify({ peakBytes, rounds } satisfies Omit<EpochResult, "ratio">));
