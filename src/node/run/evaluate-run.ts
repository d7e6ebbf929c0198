import type { Dataset, Labels } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import { shapeText } from "../../core/layers/shape.js";
import { type Evaluation, evaluate } from "../../core/metrics/evaluation.js";
import type { Platform } from "../../core/platform.js";
import { type LoadOptions, loadDataset } from "../data/load.js";
import { modelFromFile, type NodeModel } from "../node-model.js";
import { nodePlatform } from "../platform.js";
import type { RunConfig } from "./run-config.js";
import { RunFolder, type WeightsName } from "./run-folder.js";
import { runLayers } from "./run-layers.js";

export interface EvaluateRunOptions {
  readonly folder: string;
  /** Default "best". */
  readonly weights?: WeightsName;
  /** Another data set to judge on (default: the run's own); its test images are taken. */
  readonly data?: string;
  /** What `data`, or the run's own, names, where it is loaded already. */
  readonly dataset?: Dataset;
  readonly threads?: number;
  readonly loading?: LoadOptions;
  readonly platform?: Platform;
}

export interface EvaluatedRun {
  readonly config: RunConfig;
  readonly evaluation: Evaluation;
  /** Softmax outputs, [N, classes]. */
  readonly probabilities: Float32Array;
  readonly labels: Labels;
  /** Where the evaluation was written; only for the run's own data. */
  readonly file?: string;
  /** Why the run folder could not take it. */
  readonly unwritten?: HeddleError;
}

/**
 * Judges a run's weights on the test images.
 *
 * @throws HeddleError when the run is missing, half-written or damaged, or the data doesn't fit its model. A folder
 * that takes no file is no reason to lose what was found out: `unwritten` says so.
 */
export async function evaluateRun(options: EvaluateRunOptions): Promise<EvaluatedRun> {
  const { weights = "best", platform = nodePlatform } = options;
  const folder = await RunFolder.open(options.folder);
  const config = await folder.readConfig();
  const { bytes, file } = await folder.readWeights(weights);
  const model = modelFromFile(bytes, file, { name: config.model, platform });
  checkIsModelOf(config, model, file);
  const dataset =
    options.dataset ?? (await loadDataset(options.data ?? config.data, options.loading)).dataset;
  checkFits(model, dataset);
  model.compile({ threads: options.threads, portable: config.portable });
  try {
    const probabilities = await model.predict(dataset.test.images);
    const evaluation = evaluate(probabilities, dataset.test.labels, model.classNames);
    const judged = { config, evaluation, probabilities, labels: dataset.test.labels };
    if (options.data !== undefined && options.data !== config.data) return judged;
    try {
      return { ...judged, file: await folder.writeEvaluation(evaluation, weights) };
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      return { ...judged, unwritten: error };
    }
  } finally {
    await model.dispose();
  }
}

function checkIsModelOf(config: RunConfig, model: NodeModel, file: string): void {
  const wanted = runLayers(config, model.inputShape, model.classes);
  const configs = (layers: readonly { config(): unknown }[]): string =>
    JSON.stringify(layers.map((layer) => layer.config()));
  if (configs(wanted) === configs(model.layers)) return;
  throw new HeddleError(
    `${file} holds weights of another model than the run's ${config.model}: its layers are ${model.layers.map(({ name }) => name).join(", ")}. Put the run's own weights back, or train again.`,
  );
}

function checkFits(model: NodeModel, dataset: Dataset): void {
  if (shapeText(dataset.imageShape) !== shapeText(model.inputShape)) {
    throw new HeddleError(
      `The run's model takes images of ${shapeText(model.inputShape)}, but those of ${dataset.name} are ${shapeText(dataset.imageShape)}. Give --data a set like the one it was trained on.`,
    );
  }
  if (dataset.classNames.length !== model.classes) {
    throw new HeddleError(
      `The run's model tells ${model.classes} classes apart, but ${dataset.name} has ${dataset.classNames.length}. Give --data a set like the one it was trained on.`,
    );
  }
}
