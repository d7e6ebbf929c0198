/**
 * A machine for studies: many trainings under one plan, of which each is an ordinary run in a folder of its own.
 *
 * A study's place holds `study.json`, what its trials share, and `trials/<id>/`, their run folders. A trial counts once
 * its folder has a `trial.json`; all others are read from the run itself. The plan is a function of the trials that count,
 * so a study that is cut off at any moment, by whatever, and called again goes on to the same end.
 */
import { planFit } from "../core/training/plan-fit.js";
import { checkStudy, markOf, prepareStudy, type WantedStudy } from "./manifest.js";
import type { StudyProgress } from "./progress.js";
import { runTrials } from "./run-trials.js";
import { type StudyImages, StudyState } from "./state.js";
import type { RunStudyOptions, StudyHost, StudyOptions, StudyResult } from "./study-options.js";
import type { StudyData, TrialPlan } from "./trial.js";

/**
 * Holds a place against a study before its data is at hand.
 *
 * @throws StudyError where it can't be gone on with
 */
export async function checkPlace(
  options: Pick<StudyOptions<TrialPlan>, "study" | "kind" | "about" | "isOwn">,
  host: StudyHost,
): Promise<void> {
  await checkStudy(options.study, wantedOf(options, host));
}

/**
 * The plan of a study and where it stands in its place, which is only read. Its data may be left out where there is
 * enough to know of it: then it isn't compared.
 * @throws HeddleError where the place can't be gone on with.
 */
export async function planStudy<Trial extends TrialPlan>(
  options: StudyOptions<Trial> &
    ({ readonly data: StudyData } | { readonly data?: undefined; readonly images: StudyImages }),
  host: StudyHost,
): Promise<StudyProgress<Trial>> {
  const { study, data } = options;
  await checkStudy(study, wantedOf(options, host));
  const images = data ? imagesOf(options) : options.images;
  if (data) await checkStudy(study, { ...wantedOf(options, host), data: markOf(data.dataset) });
  return (await openState(options, images, host)).progress();
}

/**
 * Runs the trials of a study that are not done yet, each from where it stands, and keeps them.
 *
 * @throws HeddleError on a place that holds something else or is another process's, on damaged files, on a disk that
 * fails, and, where failures stop it, on a trial that failed: those that ended are kept, and the same call goes on.
 */
export async function runStudy<Trial extends TrialPlan>(
  options: RunStudyOptions<Trial>,
  host: StudyHost,
): Promise<StudyResult<Trial>> {
  const { study, data, onEvent } = options;
  const wanted = wantedOf(options, host);
  // Before anything is made in a place that isn't ours.
  await checkStudy(study, wanted);
  const lock = await study.lock();
  try {
    if (lock.takenOver !== undefined) onEvent?.({ event: "warning", message: lock.takenOver });
    const known = { ...wanted, data: markOf(data.dataset) };
    await checkStudy(study, known);
    const state = await openState(options, imagesOf(options), host);
    await prepareStudy(study, known);
    onEvent?.({ event: "plan", progress: state.progress(), trials: state.trials });
    const stoppedAt = await runTrials(state, options, host);
    await (stoppedAt ? options.atStop : options.atEnd)?.(state.trials);
    return { progress: state.progress(), ...state.trials, ...(stoppedAt && { stoppedAt }) };
  } finally {
    await lock.release();
  }
}

function openState<Trial extends TrialPlan>(
  { study, plan, whole, arithmeticSince }: StudyOptions<Trial>,
  images: StudyImages,
  host: StudyHost,
): Promise<StudyState<Trial>> {
  const { heddle } = host.describeEnvironment();
  return StudyState.open(study, { plan, whole, arithmeticSince, heddle, images });
}

function imagesOf({
  data,
  images,
}: {
  readonly data: StudyData;
  readonly images?: StudyImages;
}): StudyImages {
  if (images) return images;
  const { imageShape, classNames } = data.dataset;
  const classes = classNames.length;
  const { split } = planFit({ inputShape: imageShape, classes }, data.dataset, {});
  return { imageShape, classes, trainImages: split.train.length };
}

function wantedOf(
  { kind, about, isOwn }: Pick<StudyOptions<TrialPlan>, "kind" | "about" | "isOwn">,
  host: StudyHost,
): WantedStudy {
  return { kind, about, heddle: host.describeEnvironment().heddle, ...(isOwn && { isOwn }) };
}

export { type Group, groupBy, withFacts } from "./groups.js";
export type { Judging } from "./judge-trial.js";
export { type DataMark, readManifest, type StudyManifest } from "./manifest.js";
export { type StudyProgress, secondsAtOnce, type TrialProgress, type UndecidedProgress } from "./progress.js";
export type { StudyImages } from "./state.js";
export { StudyError, type StudyErrorCode } from "./study-error.js";
export type * from "./study-options.js";
export { removeWeights } from "./train-trial.js";
export type * from "./trial.js";
export { readTrials, type Trials, trialStore } from "./trial-folder.js";
