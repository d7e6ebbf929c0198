import type { Dataset, Labels } from "../core/data/dataset.js";
import { preparationDifference } from "../core/data/picture-preparation.js";
import { HeddleError } from "../core/errors.js";
import { graphConfig } from "../core/graph/index.js";
import { usualLoss } from "../core/loss.js";
import { resolveOptions } from "../core/options/index.js";
import { misfit } from "../core/training/check-data.js";
import { checkedDataset } from "../core/training/check-dataset.js";
import { canonical } from "../core/training/checkpoint.js";
import { Model } from "../core/training/model.js";
import { modelFromBytes } from "../core/training/model-from-bytes.js";
import { dataRequest, isOwnData } from "./data-request.js";
import { firstImages, otherThanFirst } from "./first-images.js";
import type { DataRequest, RunHost } from "./host.js";
import { imagesNeeded } from "./images-needed.js";
import { judgementOf, type RunJudgement } from "./judge.js";
import { leaksOf } from "./leaks.js";
import { stillThere } from "./moved-images.js";
import { otherClasses } from "./other-classes.js";
import { type Digesting, testDigests } from "./receipt/digests.js";
import type { Receipt } from "./receipt/receipt.js";
import { modelOfConfig, type RunConfig } from "./run-config.js";
import { RunError } from "./run-error.js";
import { RunFolder } from "./run-folder.js";
import { type EvaluateRunOptions, evaluateRunOptions } from "./run-options.js";
import type { Store } from "./store.js";

/** What judging a run gave. */
export interface EvaluatedRun {
  readonly config: RunConfig;
  readonly evaluation: RunJudgement;
  /** Softmax outputs, [N, classes]. */
  readonly probabilities: Float32Array;
  readonly labels: Labels;
  /** What it was judged on; of pictures it says which image is which file. */
  readonly dataset: Dataset;
  /** Where the evaluation was written; only for the run's own data, and over its own views. */
  readonly file?: string;
  /** Why the run folder could not take it. */
  readonly unwritten?: HeddleError;
}

/**
 * Judges a run's weights on the test images, be it a run of another arithmetic.
 *
 * @throws HeddleError when the run is missing, half-written or damaged, or the data doesn't fit its model. A store
 * that takes no file is no reason to lose what was found out: `unwritten` says so.
 */
export async function evaluateRun(
  store: Store,
  options: EvaluateRunOptions,
  host: RunHost,
): Promise<EvaluatedRun> {
  const resolved = resolveOptions("evaluateRun", options, evaluateRunOptions);
  const { weights, threads, data, signal, dataset: given } = resolved;
  const folder = await RunFolder.open(store);
  const config = await folder.readConfig();
  const { bytes, file } = await folder.readWeights(weights);
  const { graph, state } = modelFromBytes(bytes, file);
  const { platform, createNetwork } = host;
  const model = new Model(graph, { name: config.model, state, platform, createNetwork });
  try {
    checkIsModelOf(config, model, file);
    const nowhere = config.ownData && data === undefined && !given;
    if (nowhere) throw imagesNeeded(store, config);
    const request = { ...dataRequest(config, data, host), signal };
    const isOwn = isOwnData(config, data, host);
    const dataset = given
      ? checkedDataset("dataset", given)
      : data === undefined
        ? await stillThere(store.where, host.loadData(config.data, request))
        : isOwn
          ? await host.loadData(data, request)
          : await otherData({ folder, config, data, request, host });
    checkFits(store, model, dataset);
    if (isOwn) await checkTestImages(folder, config, dataset, { host, signal });
    model.compile({ threads, portable: config.portable, loss: usualLoss });
    const views = resolved.views === undefined ? config.views : (resolved.views ?? undefined);
    const asItWas = canonical(views) === canonical(config.views);
    const probabilities = await model.predict(dataset.test, { views });
    // It was found for the run's own views, or images that are looked at as they are.
    const calibration = asItWas ? model.calibration : undefined;
    const { labels } = dataset.test;
    const evaluation = judgementOf(probabilities, labels, model.classNames, {
      calibration,
      views,
      ...(isOwn && { leaks: leaksOf(config, dataset) }),
    });
    const judged = { config, evaluation, probabilities, labels, dataset };
    if (!asItWas || !isOwn) return judged;
    try {
      requireSame(bytes, await folder.readWeights(weights));
      return { ...judged, file: await folder.writeEvaluation(evaluation, weights) };
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      return { ...judged, unwritten: error };
    }
  } finally {
    await model.dispose();
  }
}

/** A training that ended meanwhile judged its own weights: figures of others don't belong in their place. */
function requireSame(
  judged: Uint8Array,
  { bytes, file }: { readonly bytes: Uint8Array; readonly file: string },
) {
  if (judged.length === bytes.length && judged.every((byte, index) => byte === bytes[index])) return;
  throw new HeddleError(
    `${file} has changed since it was read, as by a training that goes on. What is kept of its judgement stays; judge it again.`,
  );
}

function checkIsModelOf(
  config: RunConfig,
  { graph, inputShape, classes, layers }: Model,
  file: string,
): void {
  const wanted = modelOfConfig(config).graph(inputShape, classes);
  const facts = [wanted, graph].map((each) => canonical([graphConfig(each), each.inputShape]));
  if (facts[0] === facts[1]) return;
  throw new HeddleError(
    `${file} holds weights of another model than the run's ${config.model}: its layers are ${layers.map(({ name }) => name).join(", ")}. Put the run's own weights back, or train again.`,
  );
}

function checkFits({ where: run }: Store, model: Model, dataset: Dataset): void {
  const what = misfit(dataset, model)?.what ?? otherClasses(model, dataset);
  if (what === undefined) return;
  throw new RunError(`The run's model ${what}. Judge it on a set like the one it was trained on.`, {
    code: "otherImages",
    run,
  });
}

/**
 * Data that has another name than the run's own: all of it is judged where it has no parts. What has as many images as the
 * run's own may be that in another place, of which the part that tested is judged.
 */
async function otherData({
  folder,
  config,
  data,
  request,
  host,
}: {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly data: string;
  readonly request: DataRequest;
  readonly host: RunHost;
}): Promise<Dataset> {
  const whole = await host.loadData(data, { ...request, allTest: true });
  const receipt = await receiptOf(folder);
  if (whole.train.count > 0 || whole.test.count !== (await imagesOf(folder, receipt))) return whole;
  const parted = await host.loadData(data, { ...request, options: config.dataOptions });
  const how = { host, signal: request.signal };
  return (await otherTestImages(folder, receipt, parted, how)) === undefined ? parted : whole;
}

/** A receipt that is torn is no reason to judge nothing. */
const receiptOf = (folder: RunFolder): Promise<Receipt | undefined> =>
  folder.readReceipt().catch(() => undefined);

/** How many images a run's data had in all parts, where it says so. */
async function imagesOf(folder: RunFolder, receipt: Receipt | undefined): Promise<number | undefined> {
  const parts = receipt?.data ?? (await firstImages(folder.store));
  if (!parts) return undefined;
  return parts.train.count + (parts.validation?.count ?? 0) + parts.test.count;
}

/**
 * Pictures that were added or taken away shift what is kept for the test: some of it would have trained.
 *
 * @throws RunError where the run's own data has other test images than its receipt says, or than it began with where it
 * has none
 */
async function checkTestImages(
  folder: RunFolder,
  config: RunConfig,
  dataset: Dataset,
  how: Digesting,
): Promise<void> {
  const when = await otherTestImages(folder, await receiptOf(folder), dataset, how);
  if (when === undefined) return;
  const prepared =
    dataset.preparation &&
    config.preparation &&
    preparationDifference(dataset.preparation, config.preparation);
  if (prepared) {
    throw new RunError(
      `The pictures given were prepared otherwise than those of the run: ${prepared}. Load them as its config.json has it, by preparation.`,
      { code: "otherImages", run: folder.where },
    );
  }
  throw new RunError(
    `${config.data} has other test images than when the run ${when}: it may have trained on some of them, which would flatter it. Put the data back as it was.`,
    { code: "otherTestImages", run: folder.where },
  );
}

/** When a run's data had other test images, in words; undefined where these are the same. */
async function otherTestImages(
  folder: RunFolder,
  receipt: Receipt | undefined,
  dataset: Dataset,
  how: Digesting,
): Promise<string | undefined> {
  if (!receipt) {
    const other = await otherThanFirst(folder.store, dataset, ["test"]);
    return other && `began (${other})`;
  }
  const before = receipt.data.test;
  const now = await testDigests(dataset, how);
  if (now.images === before.images && now.labels === before.labels) return undefined;
  return now.count === before.count ? "was judged" : `was judged, ${before.count} then, ${now.count} now`;
}
