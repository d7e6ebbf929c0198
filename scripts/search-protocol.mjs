// Runs the trials of scripts/search/trials.mjs that have no result yet and keeps each in results/protocol-search:
//   node scripts/search-protocol.mjs [--jobs 2] [--only PART] [--out DIR]
// Trials run side by side, one thread each: the bytes are the same for any number of threads. Nothing here looks at
// the test images.
import { fork } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { trials } from "./search/trials.mjs";

const fileOf = (folder, trial) => join(folder, `${trial.name}.json`);

/** He's uniform first weights (2015) out of Glorot's: ± √(6 / fanIn) instead of ± √(6 / (fanIn + fanOut)). */
function heUniform(tensors) {
  return tensors.map((tensor) => {
    if (tensor.shape.length < 2) return tensor;
    const [inputs, outputs] = tensor.shape.slice(-2);
    const scale = Math.sqrt((inputs + outputs) / inputs);
    return { ...tensor, data: tensor.data.map((value) => value * scale) };
  });
}

/** The mean of the weights after each epoch from one on, judged on the validation images by a model of its own. */
class Averaging {
  #sums;
  #count = 0;

  add(tensors) {
    this.#count++;
    this.#sums ??= tensors.map(({ data }) => new Float64Array(data.length));
    tensors.forEach(({ data }, index) => {
      data.forEach((value, at) => {
        this.#sums[index][at] += value;
      });
    });
    this.tensors = tensors.map((tensor, index) => ({
      ...tensor,
      data: Float32Array.from(this.#sums[index], (sum) => sum / this.#count),
    }));
  }
}

async function runTrial({ folder, trial }) {
  const {
    createOptimizer,
    createSchedule,
    loadDataset,
    modelDefinitions,
    sequential,
    splitDataset,
    Model,
    nodePlatform,
  } = await import("heddle");
  const { name, model: modelName = "proposed", epochs, seed, labelSmoothing, augmentation } = trial;
  const { initializer, averageFrom } = trial;
  const { name: optimizerName, ...optimizerOptions } = trial.optimizer;
  const optimizer = createOptimizer(optimizerName, optimizerOptions);
  const schedule = createSchedule(trial.schedule);
  const { dataset } = await loadDataset("fashion-mnist");
  const { imageShape: inputShape, classNames, train } = dataset;
  const layers = modelDefinitions[modelName].layers(inputShape, classNames.length);
  const model = sequential(layers, { inputShape, seed });
  model.compile({ optimizer, schedule, labelSmoothing, threads: 1 });
  if (initializer === "heUniform") await model.setWeights(heUniform(await model.getWeights()));
  const averaging = averageFrom && new Averaging();
  const onEpoch = async (event) => {
    if (averaging && event.epoch >= averageFrom) averaging.add(await model.getWeights());
    const figures = `${event.validationAccuracy.toFixed(5)} ${event.seconds.toFixed(1)} s`;
    process.stderr.write(`${name} ${event.epoch} ${figures}\n`);
  };
  const fit = { epochs, augmentation: augmentation ?? undefined, callbacks: [{ onEpoch }] };
  const { end, epochs: history } = await model.fit(dataset, fit);
  // A trial that diverged before the first epoch to average has no mean to judge.
  const averaged = averaging?.tensors && (await judgeAveraged());
  const result = {
    config: { ...trial, optimizer, schedule: schedule.config },
    environment: { node: process.version, processor: cpus()[0].model.trim() },
    end: end.reason,
    ...(averaged && { averaged }),
    history,
  };
  writeFileSync(`${fileOf(folder, trial)}.part`, `${JSON.stringify(result, null, 1)}\n`);
  renameSync(`${fileOf(folder, trial)}.part`, fileOf(folder, trial));
  await model.dispose();

  async function judgeAveraged() {
    const { validation } = splitDataset(train.labels, classNames.length, { validationShare: 0.2, seed: 1 });
    const size = inputShape.reduce((product, axis) => product * axis);
    const images = new Uint8Array(validation.length * size);
    validation.forEach((from, to) => {
      images.set(train.images.subarray(from * size, (from + 1) * size), to * size);
    });
    const labels = Uint8Array.from(validation, (index) => train.labels[index]);
    const state = { weights: averaging.tensors, normalization: model.normalization, classNames };
    const judge = new Model(layers, { inputShape, state, platform: nodePlatform });
    judge.compile({ threads: 1 });
    const { accuracy, loss } = await judge.evaluate({ images, labels, count: validation.length });
    await judge.dispose();
    process.stderr.write(`${name} averaged from ${averageFrom}: ${accuracy.toFixed(5)}\n`);
    return { validationAccuracy: accuracy, validationLoss: loss };
  }
}

if (process.send) {
  process.once("message", async (work) => {
    await runTrial(work);
    // The parent may be gone: what it asked for is kept all the same.
    if (process.connected) process.disconnect();
  });
} else {
  const { values } = parseArgs({
    options: {
      jobs: { type: "string", default: "2" },
      only: { type: "string", default: "" },
      out: { type: "string", default: "results/protocol-search" },
    },
  });
  mkdirSync(values.out, { recursive: true });
  const open = trials.filter(
    (trial) => trial.name.includes(values.only) && !existsSync(fileOf(values.out, trial)),
  );
  const failed = [];
  const worker = async () => {
    for (let trial = open.shift(); trial; trial = open.shift()) {
      const child = fork(fileURLToPath(import.meta.url));
      child.send({ folder: values.out, trial });
      const ending = await new Promise((done) => {
        child.once("exit", (code, signal) => done(signal ?? code));
        child.once("error", done);
      });
      if (ending !== 0) failed.push(`${trial.name} (${ending})`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(", ")}. The same command runs them again.`);
    process.exitCode = 1;
  }
}
