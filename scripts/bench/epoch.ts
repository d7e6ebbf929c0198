// A whole epoch of real training by the wall clock beside bare steps, and the memory it takes; a process of its
// own, so that its peak memory is training's alone:
//   npm run build && node dist/scripts/bench/epoch.js [epochs] [--threads N] [--narrow]
// prints JSON: { vectorBits, peakBytes, rounds: [{ epochSeconds, stepMs }] }.
import { parseArgs } from "node:util";
import { loadDataset, modelDefinitions, sequential } from "heddle";
import { time, warmUp } from "#heddle/bench/measure.js";
import { createNetworkWorkload } from "#heddle/bench/network-rows.js";
import { nodePlatform } from "#heddle/node/platform.js";
import { vectorWidth, widenVectors } from "#heddle/node/vector-width.js";
import { wholeNumber } from "../arguments.js";
import { peakBytes } from "../peak-memory.js";
import type { MeasuredEpochs } from "./result-files.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: String(nodePlatform.cores) },
    narrow: { type: "boolean", default: false },
  },
});
const epochs = wholeNumber(positionals[0] ?? "3", "epochs");
const threads = wholeNumber(options.threads, "--threads");
if (!options.narrow) widenVectors();
const inputShape = [28, 28, 1];
const { dataset } = await loadDataset("fashion-mnist");
const model = sequential(modelDefinitions.proposed.layers(inputShape, 10), { inputShape });
model.compile({ optimizer: "adam", learningRate: 1e-3, threads });

// One epoch and a test to warm up and to take all the memory that training takes.
await model.fit(dataset, { epochs: 1 });
await model.evaluate(dataset.test);
const peak = peakBytes();

const steps = await createNetworkWorkload({ kind: "train", model: "proposed", batch: 128 }, threads);
await warmUp(steps);
const rounds: MeasuredEpochs["rounds"][number][] = [];
const onEpoch = async ({ seconds }: { readonly seconds: number }): Promise<void> => {
  rounds.push({ epochSeconds: seconds, stepMs: await time(steps, 40) });
};
await model.fit(dataset, { epochs, callbacks: [{ onEpoch }] });
await steps.close();
await model.dispose();
console.log(
  JSON.stringify({ vectorBits: vectorWidth().bits, peakBytes: peak, rounds } satisfies MeasuredEpochs),
);
