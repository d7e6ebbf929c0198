import type { Dataset } from "../core/data/dataset.js";
import { graphConfig } from "../core/graph/index.js";
import type { StartEvent } from "../core/training/events.js";
import { batchSizeOf, planFit } from "../core/training/plan-fit.js";
import { type Beginning, standsOnBody } from "./body-model.js";
import { keepFirstImages } from "./first-images.js";
import { createRunModel, followRun, runDataset, runFitOptions, type TrainRunResult } from "./follow-run.js";
import type { RunHost } from "./host.js";
import { makeNamedStore, makeRunStore, requireFree } from "./new-run.js";
import type { RunConfig } from "./run-config.js";
import { RunFolder } from "./run-folder.js";
import type { RunOptions } from "./run-options.js";
import { configOf, type RunPlan, type RunSettings, resolveRunSettings } from "./run-settings.js";
import type { Lock, Store } from "./store.js";
import { askTeacher } from "./teacher.js";

/** What decides a run, and who is told of it. */
export interface TrainRunOptions extends RunSettings, RunOptions {}

/** Where a new run is kept: in a store that holds nothing, or in a new one of its own among others. */
export type RunPlace = { readonly run: Store } | { readonly among: Store };

/**
 * Trains a model and keeps all of it as a run: after each epoch the weights of the best and of the last one and a
 * checkpoint to resume from, the weights of the moment where it is interrupted, and at the end the best weights'
 * judgement on the test set, which nothing has looked at before.
 *
 * @throws UsageError on settings that make no sense.
 * @throws HeddleError on bad data, settings that don't fit it, something in the way, a store that fails.
 */
export async function trainRun(
  options: TrainRunOptions,
  place: RunPlace,
  host: RunHost,
): Promise<TrainRunResult> {
  const given = await resolveRunSettings(options);
  const { threads, signal, judge, onEvent, onWarning, onBeginning } = options;
  const data = { ...given.plan.data };
  if (!data.ownData) data.data = host.dataPlace(data.data);
  let plan: RunPlan = { ...given.plan, data };
  if ("run" in place) await requireFree(place.run);
  const dataset = await runDataset(
    given.plan,
    { ...options, dataset: given.dataset ?? options.dataset },
    host,
  );
  plan = withBatchSize(plan, dataset);
  const beginning = standsOnBody(plan.model)
    ? await plan.model.begin(dataset, {
        ...plan.training,
        fit: runFitOptions(plan.training),
        host,
        threads,
        signal,
        onProgress: onBeginning,
      })
    : undefined;
  if (beginning) plan = begun(plan, beginning);
  const teaching =
    given.teacher &&
    (await askTeacher(given.teacher, dataset, { host, threads, signal, portable: plan.training.portable }));
  const model = createRunModel(plan, dataset, { threads, host, state: beginning?.state });
  const first = beginning && (await model.toBytes());
  const known = {
    layers: graphConfig(model.graph),
    inputShape: model.inputShape,
    preparation: dataset.preparation,
    body: beginning?.body,
    teacher: teaching?.record,
  };
  let lock: Lock | undefined;
  const open = async ({ batchSize, ...event }: StartEvent) => {
    const store = await makeStore(place, model.name);
    lock = await store.lock();
    if (lock.takenOver !== undefined) onWarning?.(lock.takenOver);
    // Another one that began here meanwhile is at its end already, or was cut off.
    await requireFree(store);
    const folder = new RunFolder(store);
    const config = configOf(plan, { ...known, batchSize });
    // A run that is cut off here has what it needs to begin anew, or no configuration yet.
    if (teaching) await folder.writeTeacher(teaching.file);
    await startFolder(folder, config, event, { host, dataset });
    if (first) await folder.writeFirst(first);
    return { folder, config };
  };
  try {
    const fit = runFitOptions(plan.training, { signal, onBody: beginning !== undefined, teaching });
    return await followRun({ dataset, model, fit, host, open, signal, judge, onEvent });
  } finally {
    await model.dispose().finally(() => lock?.release());
  }
}

/** The batch size of a run that was told the most it may be, once it is known how many train. */
function withBatchSize(plan: RunPlan, dataset: Dataset): RunPlan {
  const { training } = plan;
  const { batchSize, batchSizeAtMost } = training;
  if (batchSize !== undefined || batchSizeAtMost === undefined) return plan;
  const { imageShape: inputShape, classNames } = dataset;
  const { split } = planFit({ inputShape, classes: classNames.length }, dataset, runFitOptions(training));
  return { ...plan, training: { ...training, batchSize: batchSizeOf(split.train.length, batchSizeAtMost) } };
}

/** What is known once a model stands on its body: its graph, and how each part of it is trained. */
function begun(plan: RunPlan, { graph, parameterGroups }: Beginning): RunPlan {
  const model = { name: plan.model.name, graph: () => graph };
  return { ...plan, model, training: { ...plan.training, parameterGroups } };
}

async function makeStore(place: RunPlace, model: string): Promise<Store> {
  if ("among" in place) return makeNamedStore(place.among, model);
  await makeRunStore(place.run);
  return place.run;
}

/** The configuration comes first: without it a folder is no run. */
async function startFolder(
  folder: RunFolder,
  config: RunConfig,
  {
    threads,
    relaxedSimd,
    arenaBytes,
    trainImages,
    validationImages,
  }: Omit<StartEvent, "event" | "batchSize">,
  { host, dataset }: { readonly host: RunHost; readonly dataset: Dataset },
): Promise<void> {
  await folder.writeConfig(config);
  await keepFirstImages(folder.store, dataset);
  await folder.writeEnvironment({
    ...host.describeEnvironment(),
    startedAt: new Date().toISOString(),
    threads,
    relaxedSimd,
    arenaBytes,
    trainImages,
    validationImages,
  });
}
