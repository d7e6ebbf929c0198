import { arithmeticVersion } from "../arithmetic.js";
import { checksum } from "../checksum.js";
import { imagesMark, sameImages } from "../data/images-mark.js";
import { usualValidationShare } from "../data/split.js";
import { HeddleError } from "../errors.js";
import type { Checkpoint } from "../formats/checkpoint-file.js";
import { isRecord } from "../formats/json.js";
import { type Graph, graphConfig, tensorsOf } from "../graph/index.js";
import { usualLoss } from "../loss.js";
import type { ResolvedGroup } from "../optimizers/index.js";
import type { CheckedImages } from "./check-data.js";
import type { CompiledOptions } from "./compile.js";
import { otherImagesWords } from "./other-images.js";
import { type FitPlan, followsValidation } from "./plan-fit.js";
import type { Position } from "./position.js";
import type { LearnedState } from "./state.js";
import { movingTensors } from "./weight-average.js";
import { checkTensors } from "./weights.js";

/** A run's settings that decide its result, JSON values by name: those of a checkpoint must be the same. */
export type FitSettings = Readonly<Record<string, unknown>>;

/** What decides a `fit`'s result, beside the layers. */
export interface FitCourse {
  readonly seed: number;
  readonly compiled: CompiledOptions;
  readonly plan: FitPlan;
  /** Whether the network that computes it fuses them. */
  readonly fusedMultiplyAdd: boolean;
}

/**
 * Everything beside the layers that decides what a `fit` computes. The number of threads does not; whether multiply
 * and add are fused does, and so does the engine's arithmetic.
 */
export function fitSettings({ seed, compiled, plan, fusedMultiplyAdd }: FitCourse): FitSettings {
  const { optimizer, schedule, loss, labelSmoothing, clipNorm, parameterGroups, weightAverage } = compiled;
  const { epochs, batchSize, options, data, validationShare, answerMarks } = plan;
  const { splitSeed, limit, augmentation, earlyStopping, restoreBestWeights, normalization } = options;
  return {
    seed,
    epochs,
    batchSize,
    ...(validationShare !== null && { validationShare }),
    splitSeed,
    limit: limit ?? null,
    ...(normalization !== undefined && { normalization }),
    augmentation: augmentation ?? null,
    restoreBestWeights,
    ...(earlyStopping && { earlyStopping }),
    ...answerMarks,
    ...(followsValidation(plan, schedule) && { followsValidation: true }),
    optimizer,
    schedule: schedule.config ?? null,
    ...(loss !== usualLoss && { loss }),
    labelSmoothing,
    ...(clipNorm !== undefined && { clipNorm }),
    ...(parameterGroups && { parameterGroups }),
    ...(weightAverage && { weightAverage }),
    arithmeticVersion,
    fusedMultiplyAdd,
    trainingImages: markOf(data.train),
    ...(data.validation && { validationImages: markOf(data.validation) }),
  };
}

/** What tells whether other images are the same, and parted by the same groups. */
function markOf({ groups, ...images }: CheckedImages): Readonly<Record<string, unknown>> {
  return { ...imagesMark(images), ...(groups && { groups: checksum(groups) }) };
}

/**
 * Holds a checkpoint against a run that is to go on from it.
 *
 * @param source the checkpoint, for the error
 * @throws HeddleError on the first difference, with both sides.
 */
export function checkCheckpoint(
  checkpoint: Checkpoint,
  wanted: { readonly graph: Graph; readonly settings: FitSettings },
  source = "The checkpoint",
): void {
  const { model, position } = checkpoint;
  // Version 1 has nothing where the default was left to stand, and knew one arithmetic.
  const validationShare = checkpoint.settings.validationImages
    ? undefined
    : (checkpoint.settings.validationShare ?? usualValidationShare);
  const its = checkpoint.settings.arithmeticVersion ?? 1;
  const settings: FitSettings = { ...checkpoint.settings, validationShare, arithmeticVersion: its };
  if (its !== wanted.settings.arithmeticVersion) {
    throw new HeddleError(
      `${source} was computed with version ${JSON.stringify(its)} of the arithmetic, and this heddle computes with version ${wanted.settings.arithmeticVersion}: ` +
        "going on would give weights that neither gives. Go on with the heddle that wrote it, or train from the beginning.",
    );
  }
  const { inputShape } = wanted.graph;
  if (canonical([model.layers, model.inputShape]) !== canonical([graphConfig(wanted.graph), inputShape])) {
    const names = model.layers.map(({ name }) => name).join(", ");
    throw mismatch(source, `it holds another model, of the layers ${names}`);
  }
  for (const tensors of [model.tensors, checkpoint.bestTensors ?? model.tensors])
    checkTensors(tensors, tensorsOf(wanted.graph), source);
  for (const key of new Set([...Object.keys(wanted.settings), ...Object.keys(settings)])) {
    const [its, ours] = [canonical(settings[key]), canonical(wanted.settings[key])];
    if (its === ours) continue;
    // Checkpoints from before this was noted have none, and what they go on with is what they have.
    if (key === "normalization" && settings[key] === undefined && wanted.settings[key] === "keep") continue;
    if (Object.hasOwn(imagesOf, key)) {
      if (sameImages(settings[key], wanted.settings[key])) continue;
      throw otherImages(source, key, otherImagesWords(settings[key], wanted.settings[key]));
    }
    throw mismatch(source, `its ${key} is ${its}, here it is ${ours}`);
  }
  checkAverage(checkpoint, wanted, source);
  const watched = wanted.settings.followsValidation === true;
  if (watched && position.validation?.length !== position.epochsDone - (position.epochsBefore ?? 0)) {
    throw mismatch(source, "it doesn't say what each of its epochs came to on the images that validate");
  }
  const last = (position.epochsBefore ?? 0) + Number(wanted.settings.epochs);
  if (position.epochsDone > last) {
    throw mismatch(source, `it stands after epoch ${position.epochsDone} of ${last}`);
  }
}

/** @throws HeddleError unless there is an average where one is kept, of the tensors that training moves */
function checkAverage(
  { average, bestTensors, bestAverage }: Checkpoint,
  { graph, settings }: { readonly graph: Graph; readonly settings: FitSettings },
  source: string,
): void {
  if (!settings.weightAverage) return;
  const moving = movingTensors(graph, settings.parameterGroups as readonly ResolvedGroup[] | undefined);
  for (const each of bestTensors ? [average, bestAverage] : [average]) {
    if (!each) throw mismatch(source, "it holds no average of the weights");
    checkTensors(each.tensors, moving, source);
  }
}

/** All that a checkpoint knows, for a model that goes on from it. */
export function stateOf(
  { model, optimizerState, average, position }: Checkpoint,
  stepsPerEpoch: number,
): LearnedState {
  const { epochsDone, stepsDone = epochsDone * stepsPerEpoch, optimizerSteps = stepsDone } = position;
  const { tensors, normalization, classNames, preparation } = model;
  const reached: Position = { epochsDone, stepsDone, optimizerSteps };
  const own = { weights: tensors, normalization, classNames, ...(preparation && { preparation }) };
  const state = { ...own, optimizer: optimizerState, position: reached };
  return average ? { ...state, average } : state;
}

function mismatch(source: string, what: string): HeddleError {
  return new HeddleError(
    `${source} belongs to another run: ${what}. Going on from it would give other weights than one run does; ` +
      "give this run's own checkpoint, or train from the beginning.",
  );
}

/** What the images did whose marks are among the settings. */
const imagesOf: Readonly<Record<string, string>> = {
  trainingImages: "trained",
  validationImages: "validated",
};

/** A folder of pictures was added to, or cleared out, since. */
const otherImages = (source: string, key: string, difference: string): HeddleError =>
  new HeddleError(
    `${source} was written when other images ${imagesOf[key]}: ${difference}. ` +
      "Put them back as they were, or train from the beginning.",
  );

/** JSON with the keys of objects in order. */
export function canonical(value: unknown): string {
  const sorted = (_key: string, part: unknown): unknown =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  return JSON.stringify(value, sorted) ?? "absent";
}
