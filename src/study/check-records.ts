import { arithmeticVersion } from "../core/arithmetic.js";
import { graphConfig } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import { batchSizeOf } from "../core/training/plan-fit.js";
import { modelOfConfig, type RunConfig } from "../run/run-config.js";
import { planOf, resolveRunSettings } from "../run/run-settings.js";
import type { Store } from "../run/store.js";
import { type Difference, firstDifference } from "./difference.js";
import { StudyError } from "./study-error.js";
import type { Records, TrialPlan, TrialSettings } from "./trial.js";
import { trialStore } from "./trial-folder.js";

/** What an image is, for the layers of models. */
export interface ImageKind {
  readonly imageShape: Shape;
  readonly classes: number;
}

/** What records are held against. */
export interface RecordCheck {
  /** The version of heddle that goes on. */
  readonly heddle: string;
  /** The version of the arithmetic since which a run's bytes are what they are today (default: today's). */
  readonly arithmeticSince?: (config: RunConfig) => number;
  readonly images: ImageKind;
}

/**
 * Holds the records that are kept against what is planned under their names. Others are left alone.
 *
 * @throws StudyError on one of another version or other settings, or without its predictions.
 */
export async function checkRecords(
  study: Store,
  records: Records,
  plans: readonly TrialPlan[],
  { heddle, arithmeticSince = () => arithmeticVersion, images }: RecordCheck,
): Promise<void> {
  for (const { id, config, environment } of records.values()) {
    const { where } = trialStore(study, id);
    const its = config.arithmeticVersion;
    if (its < arithmeticSince(config) || its > arithmeticVersion) {
      throw new StudyError(
        "folder",
        `${where} was trained with version ${its} of the arithmetic, and this heddle computes with version ${arithmeticVersion}, by which ${config.model} comes to other bytes: what two train is not put into one table. Delete it and its trial is run again, choose another folder, or go on with the heddle that made it.`,
      );
    }
    if (environment.heddle === heddle) continue;
    throw new StudyError(
      "folder",
      `${where} was made by heddle ${environment.heddle}, and this is ${heddle}: what two versions train is not put into one table. Choose another folder, or go on with heddle ${environment.heddle}.`,
    );
  }
  for (const { id, settings, factors, keepsPredictions } of plans) {
    const record = records.get(id);
    if (!record) continue;
    const store = trialStore(study, id);
    const different =
      (await settingsDifference(record.config, settings, images, record.environment.trainImages)) ??
      firstDifference(record.factors, factors, "factors");
    if (different) {
      const { place, kept, wanted } = different;
      throw new StudyError(
        "folder",
        `${store.where} was trained with ${place} ${kept}, and here it is ${wanted}: two settings are not put under one name. Give the same settings as before, choose another folder, or delete it and its trial is run again.`,
      );
    }
    const names = (await store.list())?.map(({ name }) => name) ?? [];
    if (keepsPredictions && record.test && !names.includes("predictions.safetensors")) {
      throw new StudyError(
        "folder",
        `${store.place("predictions.safetensors")} is missing, and what is made of the trial reads it. Put it back, or delete ${store.where} and the trial is run again.`,
      );
    }
  }
}

/**
 * Where a run's configuration first differs from a trial's settings; undefined where it is theirs.
 *
 * @param trainImages how many trained it, where that is known: it decides the size of batches where nothing is said of it
 */
export async function settingsDifference(
  config: RunConfig,
  settings: TrialSettings,
  {
    imageShape,
    ...images
  }: Pick<ImageKind, "imageShape"> & ({ classes: number } | { classNames: readonly string[] }),
  trainImages: number | undefined,
): Promise<Difference | undefined> {
  const classes = "classes" in images ? images.classes : images.classNames.length;
  const { plan: wanted } = await resolveRunSettings({ ...settings, data: config.data });
  const { batchSizeAtMost, ...training } = wanted.training;
  const known = trainImages === undefined ? config.batchSize : batchSizeOf(trainImages, batchSizeAtMost);
  const { batchSize = known } = training;
  const kept = planOf(config).training;
  const sides = {
    kept: { model: config.model, ...kept },
    wanted: { model: wanted.model.name, ...training, batchSize },
  };
  const different = firstDifference(sides.kept, sides.wanted);
  if (different || config.body) return different;
  const [has, wants] = [modelOfConfig(config), wanted.model].map((model) =>
    graphConfig(model.graph(imageShape, classes)),
  );
  return firstDifference(layersByName(has), layersByName(wants), "layers");
}

const layersByName = (layers: readonly { readonly name: string }[]): object =>
  Object.fromEntries(layers.map(({ name, ...layer }) => [name, layer]));
