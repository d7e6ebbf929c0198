import { counted, percent } from "#heddle/core/words.js";
import type { PhotosFile, PhotosRun } from "../photos/file.js";
import { markdownTable, mean, readResult } from "./results.js";

const missing = "_Not measured yet: `node dist/scripts/measure-photos.js PHOTOS BODY` writes the figures._";

/** What a body is good for on real photos: results/photos.json. */
export function photosSection(): string {
  const file = readResult<PhotosFile>("photos.json");
  if (!file?.photos || file.heads.length === 0) return missing;
  const {
    photos,
    held = 0,
    size,
    featureSeconds,
    heads,
    fineTuned,
    fromScratch = [],
    environment,
    command,
  } = file;
  return [
    `${counted(photos)} photos of clothes in ten classes train, ${counted(held)} others are judged, EfficientNet-Lite0 is the body; ${environment.processor}, Node ${environment.node}, vectors of ${environment.vectorBits} bits. Features of the ${counted(photos)} at ${size} pixels took ${featureSeconds} s.`,
    "",
    markdownTable(
      ["", "seeds", "mean accuracy", "each", "time"],
      [
        row("head on the features of all that train, over both mirror images", heads),
        ...runRows("`heddle train --from`, features and head included", fineTuned),
        ...runRows("`heddle train`, no body", fromScratch),
      ],
    ),
    "",
    `\`${command}\` → \`results/photos.json\`.`,
  ].join("\n");
}

type Trial = { readonly accuracy: number; readonly seconds: number };

const row = (what: string, trials: readonly Trial[]): string[] => [
  what,
  String(trials.length),
  percent(mean(trials.map(({ accuracy }) => accuracy)), 1),
  trials.map(({ accuracy }) => percent(accuracy, 1)).join(", "),
  trials.map(({ seconds }) => `${counted(Math.round(seconds))} s`).join(", "),
];

/** Runs of `heddle train`, of photos as they are and over their mirror images too. */
function runRows(what: string, runs: readonly PhotosRun[]): string[][] {
  if (runs.length === 0) return [];
  const [{ model, size, epochs }] = runs;
  return [
    row(`${what}: ${model}, ${size} px, ${epochs} epochs, a fifth of train held back`, runs),
    row(
      "the same runs, over both mirror images",
      runs.map(({ mirroredAccuracy, seconds }) => ({ accuracy: mirroredAccuracy, seconds })),
    ),
  ];
}
