import type { Normalization } from "../data/dataset.js";
import { plainNormalization } from "../data/normalization.js";
import { checkPreparation, type PicturePreparation } from "../data/picture-preparation.js";
import type { WeightsKind } from "../engine/network.js";
import { HeddleError } from "../errors.js";
import type { ModelContents } from "../formats/model-file.js";
import { type LossName, lossNames, usualLoss } from "../loss.js";
import { type Calibration, checkCalibration } from "../metrics/calibrate.js";
import type { NamedTensor } from "../named-tensor.js";
import { checkValue, choice, listOf, number, text } from "../options/index.js";
import type { Architecture } from "./architecture.js";
import type { ModelState } from "./model-options.js";
import { normalizationTensors, recognized } from "./normalization-tensors.js";
import { atStart, type Position } from "./position.js";
import { readParts } from "./read-parts.js";
import { averagedWeights, noAverage, type WeightAverage } from "./weight-average.js";
import { readWeights } from "./weights.js";

/**
 * All that a model has learned, and where its training stands. Nothing in it is ever changed in place: what changes
 * is which of them a model has.
 */
export interface LearnedState {
  readonly weights: readonly NamedTensor[];
  /** How pixels enter; plain until the first fit measures it. */
  readonly normalization: Normalization;
  readonly classNames: readonly string[];
  /** How pictures become its images, where the data of a fit said that. */
  readonly preparation?: PicturePreparation;
  /** Found for these weights, or for their average: gone where they change. */
  readonly calibration?: { readonly of: WeightsKind; readonly found: Calibration };
  /** The optimizer's tensors; undefined where it has made no step. */
  readonly optimizer: readonly NamedTensor[] | undefined;
  /** Of the weights; undefined where none is kept, or no step was made since it is. */
  readonly average?: WeightAverage;
  readonly position: Position;
}

/** What a model knows before anything was learned. */
export function initialState(architecture: Architecture, seed: number): LearnedState {
  return {
    weights: architecture.initialWeights(seed),
    normalization: plainNormalization(architecture.channels),
    classNames: numbered(architecture.classes),
    optimizer: undefined,
    position: atStart,
  };
}

/**
 * What somebody else's model had learned.
 *
 * @throws UsageError or HeddleError when that belongs to no model like this.
 */
export function givenState(state: ModelState, architecture: Architecture): LearnedState {
  const given = readParts<ModelState>(
    "state",
    state,
    "weights",
    "normalization",
    "classNames",
    "preparation",
    "calibration",
  );
  const own = readWeights(given.weights, architecture, "state");
  const plain = plainNormalization(architecture.channels);
  const { classNames = numbered(architecture.classes) } = given;
  const normalization = given.normalization
    ? readNormalization(given.normalization, architecture.channels)
    : recognized(own.normalization ?? plain, plain);
  const names = checkValue("state", "classNames", classNames, namesKind);
  if (names.length !== architecture.classes) {
    throw new HeddleError(
      `state has ${names.length} class names, but the model tells ${architecture.classes} classes apart.`,
    );
  }
  const { weights } = own;
  const preparation = given.preparation && { preparation: checkPreparation("state", given.preparation) };
  const calibration = given.calibration && {
    calibration: { of: "trained" as const, found: checkCalibration("state", given.calibration) },
  };
  return {
    weights,
    normalization,
    classNames: names,
    ...preparation,
    ...calibration,
    optimizer: undefined,
    position: atStart,
  };
}

/** What somebody else's model was trained for. @throws UsageError on what is no loss */
export function givenLoss(state: ModelState | undefined): LossName {
  const { loss = usualLoss } = readParts<ModelState>("state", state, "loss");
  return checkValue("state", "loss", loss, choice(lossNames));
}

/** What classes are called as long as nobody has named them. */
const numbered = (classes: number): readonly string[] =>
  Array.from({ length: classes }, (_, index) => String(index));

const numbersKind = listOf(number());
const deviationsKind = listOf(number({ above: 0 }));
const namesKind = listOf(text(/^/u), { what: "a list of names, one a class" });

/** @throws UsageError or HeddleError on what is none of so many channels */
export function readNormalization(given: unknown, channels: number): Normalization {
  const { mean, deviation } = readParts<Normalization>("state.normalization", given, "mean", "deviation");
  const read = {
    mean: checkValue("state", "normalization.mean", mean, numbersKind),
    deviation: checkValue("state", "normalization.deviation", deviation, deviationsKind),
  };
  if (read.mean.length === channels && read.deviation.length === channels) return read;
  throw new HeddleError(
    `state.normalization has ${read.mean.length} means and ${read.deviation.length} deviations; give one of each a channel, ${channels}.`,
  );
}

const averaged = new WeakMap<LearnedState, LearnedState>();

/**
 * A state with some of its weights in their place: the same for the same.
 *
 * @param owner who is asked for them
 * @throws UsageError where no average is kept
 */
export function stateWith(weights: WeightsKind, state: LearnedState, owner: string): LearnedState {
  if (weights === "trained") return state;
  if (!state.average) throw noAverage(owner);
  const known = averaged.get(state);
  if (known) return known;
  const made = { ...state, weights: averagedWeights(state.weights, state.average) };
  averaged.set(state, made);
  return made;
}

/** Whether a model predicts by one state what it predicts by the other: neither weights nor their average have changed. */
export const predictsAs = (one: LearnedState, other: LearnedState): boolean =>
  one.weights === other.weights && one.average === other.average && one.normalization === other.normalization;

/** A state whose weights or average have changed: a calibration was found for those before. */
export function uncalibrated({ calibration: _, ...state }: LearnedState): LearnedState {
  return state;
}

/**
 * The model as a file keeps it.
 *
 * @param kind which of a model's weights the state holds
 */
export function contentsOf(
  architecture: Architecture,
  state: LearnedState,
  loss: LossName,
  kind: WeightsKind = "trained",
): ModelContents {
  const { weights, normalization, classNames, preparation, calibration } = state;
  return {
    ...architecture.describe(),
    normalization,
    classNames,
    ...(preparation && { preparation }),
    ...(calibration?.of === kind && { calibration: calibration.found }),
    ...(loss !== usualLoss && { loss }),
    tensors: weights,
  };
}

/** Copies of all tensors that decide what a model predicts: for another model's `setWeights`. */
export function copyWeights({ weights, normalization }: LearnedState): NamedTensor[] {
  const copies = weights.map((tensor) => ({
    ...tensor,
    shape: [...tensor.shape],
    data: tensor.data.slice(),
  }));
  return [...copies, ...normalizationTensors(normalization)];
}

/** Whether every number is one: a training that diverged leaves others. */
export function allFinite(tensors: readonly NamedTensor[]): boolean {
  return tensors.every(({ data }) => data.every(Number.isFinite));
}
