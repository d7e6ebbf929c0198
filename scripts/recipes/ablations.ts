import { parseAugmentation } from "#heddle/core/data/augmentation.js";
import { resolveViews } from "#heddle/core/data/views.js";
import { createOptimizer } from "#heddle/core/optimizers/index.js";
import { createSchedule, type ScheduleConfig } from "#heddle/core/schedules/index.js";
import { modelNameOf } from "#heddle/recipes/file-settings.js";
import type { Recipe, RecipeSettings } from "#heddle/recipes/index.js";

/** Of the trainings that choose: of each variant of an ablation, and of a selection. */
export const choosingSeeds: readonly number[] = [1, 2, 3];

/** A recipe with something else in one of its places. */
export interface Variant {
  /** What: empty of the recipe as it is. */
  readonly change: string;
  readonly recipe: Recipe;
}

/** The rate that AdamW had in the search for the paper's protocol, where Muon's is some ten times that. */
const adamwRate = 0.002;

/** A recipe as it is, and without each of its ingredients in turn, what takes an ingredient's place being the usual. */
export function variantsOf(recipe: Recipe): readonly Variant[] {
  const { settings, teacher } = recipe;
  const without = (change: string, other: Partial<RecipeSettings>): Variant => ({
    change,
    recipe: { ...recipe, settings: { ...settings, ...other } },
  });
  const { teacher: _, ...alone } = recipe;
  return [
    { change: "", recipe },
    ...(teacher ? [{ change: "no teacher", recipe: alone }] : []),
    ...(modelNameOf(settings) === "proposed-light-dropout"
      ? [without("the paper's rates of dropout", { model: "proposed" })]
      : []),
    ...optimizerVariants(settings, without),
    ...(settings.labelSmoothing ? [without("no label smoothing", { labelSmoothing: 0 })] : []),
    ...augmentationVariants(settings, without),
    ...(settings.weightAverage ? [without("no average of the weights", { weightAverage: undefined })] : []),
    ...(settings.views ? [without(`predictions of images as they are`, { views: undefined })] : []),
    ...(settings.views && (resolveViews(settings.views)?.shift ?? 0) > 0
      ? [without("predictions over mirror images alone", { views: { flip: true } })]
      : []),
  ];
}

type Without = (change: string, other: Partial<RecipeSettings>) => Variant;

function optimizerVariants({ optimizer = "adam", schedule }: RecipeSettings, without: Without): Variant[] {
  const { name, ...own } = createOptimizer(optimizer);
  const config = schedule && createSchedule(schedule as ScheduleConfig).config;
  const { learningRate } = (config ?? {}) as { learningRate?: number };
  const weightDecay = "weightDecay" in own ? own.weightDecay : undefined;
  const slower = config && { ...config, learningRate: adamwRate };
  return [
    ...(name === "muon"
      ? [
          without(`AdamW at ${adamwRate} for Muon`, {
            optimizer: { name: "adamw", weightDecay },
            ...(slower && { schedule: slower as ScheduleConfig }),
          }),
        ]
      : []),
    ...(config && config.name !== "constant"
      ? [without(`a constant rate for ${config.name}`, { schedule: { name: "constant", learningRate } })]
      : []),
    ...(config && "warmup" in config && (config.warmup ?? 0) > 0
      ? [without("no warmup", { schedule: { ...config, warmup: 0 } as ScheduleConfig })]
      : []),
  ];
}

/** What an augmentation is made of, each part as it is switched off. */
const off = {
  flip: false,
  shift: 0,
  erase: 0,
  rotate: 0,
  zoom: 0,
  mixup: undefined,
  cutmix: undefined,
} as const;

function augmentationVariants({ augmentation }: RecipeSettings, without: Without): Variant[] {
  if (!augmentation) return [];
  const config = typeof augmentation === "string" ? parseAugmentation(augmentation) : augmentation;
  const parts = Object.entries(off).filter(([part]) => {
    const value = config[part as keyof typeof off];
    return value !== undefined && value !== 0 && value !== false;
  });
  const alternates = config.flip === "alternate";
  return [
    ...parts.map(([part, nothing]) =>
      // What has nothing to reflect for is refused.
      without(`no ${part}`, {
        augmentation: { ...config, [part]: nothing, ...(part === "shift" && { reflect: undefined }) },
      }),
    ),
    ...(alternates
      ? [without("flips at random, not in turn", { augmentation: { ...config, flip: true } })]
      : []),
  ];
}
