import { counted, percent } from "#heddle/core/words.js";
import type { PhotosFile } from "../photos/file.js";
import { markdownTable, mean, readResult } from "./results.js";

const missing = "_Not measured yet: `node dist/scripts/measure-photos.js PHOTOS BODY` writes the figures._";

/** What a body is good for on real photos: results/photos.json. */
export function photosSection(): string {
  const file = readResult<PhotosFile>("photos.json");
  if (!file?.photos || file.heads.length === 0) return missing;
  const { photos, held = 0, size, featureSeconds, heads, fineTuned, environment, command } = file;
  const row = (
    what: string,
    trials: readonly { readonly accuracy: number; readonly seconds: number }[],
  ): string[] => [
    what,
    String(trials.length),
    percent(mean(trials.map(({ accuracy }) => accuracy)), 1),
    trials.map(({ accuracy }) => percent(accuracy, 1)).join(", "),
    trials.map(({ seconds }) => `${counted(Math.round(seconds))} s`).join(", "),
  ];
  const tuned = fineTuned[0];
  return [
    `${counted(photos)} photos of clothes in ten classes train, ${counted(held)} others are judged, EfficientNet-Lite0 is the body; ${environment.processor}, Node ${environment.node}, vectors of ${environment.vectorBits} bits. Features of the ${counted(photos)} at ${size} pixels took ${featureSeconds} s.`,
    "",
    markdownTable(
      ["", "seeds", "mean accuracy", "each", "time"],
      [
        row("head on the features of all that train, over both mirror images", heads),
        ...(tuned
          ? [
              row(
                `\`heddle train --from\`, ${tuned.size} px, ${tuned.epochs} epochs, a fifth of train held back, features and head included`,
                fineTuned,
              ),
              row(
                "the same runs, over both mirror images",
                fineTuned.map(({ mirroredAccuracy, seconds }) => ({ accuracy: mirroredAccuracy, seconds })),
              ),
            ]
          : []),
      ],
    ),
    "",
    `\`${command}\` → \`results/photos.json\`.`,
  ].join("\n");
}
