import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import type { Dataset } from "#heddle/core/data/dataset.js";
import { summarize } from "#heddle/core/graph/index.js";
import { calibrate, calibrationFigures } from "#heddle/core/metrics/calibrate.js";
import { predictionsOf } from "#heddle/core/metrics/predictions.js";
import {
  bestOf,
  diskStore,
  evaluateRun,
  type Recipe,
  type RecipeSettings,
  RunError,
  RunFolder,
  type RunTeacher,
  resumeRun,
  teacherSettings,
  trainRun,
} from "#heddle/node/index.js";
import { modelOfConfig } from "#heddle/run/run-config.js";
import type { RecipeRun } from "./file.js";
import { isIdle } from "./idle.js";
import { withoutViews } from "./settings-of.js";

export interface SeedToTrain {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly dataset: Dataset;
  /** The name under which the images are found again; left out of those that nobody finds. */
  readonly data?: string;
  /** Where its run is kept; the teacher's beside it. */
  readonly folder: string;
  /** Whether it is judged on images that are there to choose by: then they say its temperature too. */
  readonly chooses?: boolean;
}

/** Trains a recipe with a seed, goes on with it where it was cut off, and says what it came to. */
export async function trainSeed(of: SeedToTrain): Promise<RecipeRun> {
  const { recipe, seed, folder, dataset } = of;
  const [load] = loadavg();
  const teacherFolder = `${folder}-teacher`;
  const isWhole = !existsSync(folder) && !existsSync(teacherFolder);
  const views = recipe.settings.views ?? undefined;
  // What is chosen among shares a run where it differs in views alone, and is judged over its own.
  const trained = of.chooses ? withoutViews(recipe) : recipe;
  const settings: RecipeSettings = { ...trained.settings, seed };
  let taught: RunTeacher | undefined;
  let teacher: RecipeRun["teacher"];
  if (recipe.teacher) {
    await trainOrGoOn(teacherSettings(recipe.teacher, settings), { ...of, folder: teacherFolder });
    const kept = await RunFolder.open(diskStore(teacherFolder));
    const [{ model }, history, judged] = [
      await kept.readConfig(),
      await kept.readHistory(),
      await kept.readEvaluation(),
    ];
    const { settings: _, ...shares } = recipe.teacher;
    taught = { ...shares, name: model, model: (await kept.readWeights("best")).bytes };
    teacher = { model, seconds: sum(history.map(({ seconds }) => seconds)), accuracy: judged?.accuracy ?? 0 };
  }
  await trainOrGoOn(settings, of, taught);
  const [loadAtEnd] = loadavg();
  const run = await RunFolder.open(diskStore(folder));
  const [config, history, environment, receipt] = [
    await run.readConfig(),
    await run.readHistory(),
    await run.readEnvironment(),
    await run.readReceipt(),
  ];
  const { evaluation, probabilities, labels } = await evaluateRun({ folder, dataset, views });
  const classes = dataset.classNames.length;
  const predictions = predictionsOf(probabilities, labels, classes);
  const found = of.chooses ? calibrationFigures(predictions, calibrate(predictions)) : undefined;
  const { calibration = found } = evaluation;
  const best = bestOf(history, config.earlyStopping);
  if (!best) throw new Error(`No epoch of ${folder} ended.`);
  const { startedAt: _, resumed: __, ...machine } = environment ?? { startedAt: "" };
  return {
    seed,
    accuracy: evaluation.accuracy,
    loss: evaluation.loss,
    ...(evaluation.withoutLeaks && { withoutLeaks: evaluation.withoutLeaks }),
    calibrationError: evaluation.expectedCalibrationError,
    ...(calibration && {
      calibrated: {
        temperature: calibration.temperature,
        calibrationError: calibration.expectedCalibrationError,
      },
    }),
    images: evaluation.n,
    trainImages: environment?.trainImages ?? 0,
    parameters: summarize(modelOfConfig(config).graph(dataset.imageShape, classes)).parameters,
    epochs: history.length,
    seconds: sum(history.map(({ seconds }) => seconds)),
    ...(teacher && { teacher }),
    load,
    loadAtEnd,
    idle: isIdle({ load, loadAtEnd, threads: environment?.threads ?? 1, isWhole }),
    environment: machine,
    ...(receipt && {
      weights: receipt.weights.best.file,
      probabilities: receipt.predictions.probabilities,
    }),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

async function trainOrGoOn(
  settings: RecipeSettings,
  { dataset, data, folder }: Pick<SeedToTrain, "dataset" | "data" | "folder">,
  teacher?: RunTeacher,
): Promise<void> {
  const { model } = settings;
  if (model === undefined) throw new Error(`${folder} is of a recipe without a model.`);
  if (existsSync(join(folder, "config.json"))) {
    await resumeRun({ folder, dataset }).catch((error: unknown) => {
      if (!(error instanceof RunError && error.code === "finished")) throw error;
    });
    return;
  }
  const images = data === undefined ? { data: dataset } : { data, dataset };
  await trainRun({ ...settings, model, ...images, folder, teacher });
}
