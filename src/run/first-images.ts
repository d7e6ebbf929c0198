import * as z from "zod";
import type { Dataset } from "../core/data/dataset.js";
import { type ImagesMark, imagesMark, sameImages } from "../core/data/images-mark.js";
import { HeddleError } from "../core/errors.js";
import { otherImagesWords } from "../core/training/other-images.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";
import type { Store } from "./store.js";

/** What tells whether images are those that a run began with, until its receipt says so in full. */
export const firstImagesFile = "images.json";

const mark = z.looseObject({ count: z.number() });
const marksSchema = z.looseObject({ train: mark, validation: mark.optional(), test: mark });

export const imageParts = ["train", "validation", "test"] as const;
type Part = (typeof imageParts)[number];

export async function keepFirstImages(store: Store, dataset: Dataset): Promise<void> {
  const marks = imageParts.map((part) => [part, markOf(dataset, part)]);
  await writeJsonFile(store, firstImagesFile, Object.fromEntries(marks));
}

function markOf(dataset: Dataset, part: Part): ImagesMark | undefined {
  const images = dataset[part];
  return images && imagesMark(images);
}

/** What is kept of them; undefined of runs that don't say so: older ones, or a file that is torn. */
export async function firstImages(store: Store): Promise<z.infer<typeof marksSchema> | undefined> {
  return readJsonFile(store, firstImagesFile, marksSchema).catch((error: unknown) => {
    if (error instanceof HeddleError) return undefined;
    throw error;
  });
}

/**
 * In what images differ from those that a run began with, in words; undefined where they don't, and of runs that don't say
 * so: older ones, or a file that is torn.
 */
export async function otherThanFirst(
  store: Store,
  dataset: Dataset,
  parts: readonly Part[],
): Promise<string | undefined> {
  const kept = await firstImages(store);
  if (!kept) return undefined;
  for (const part of parts) {
    const now = markOf(dataset, part);
    if (!sameImages(kept[part], now)) return otherImagesWords(kept[part], now);
  }
  return undefined;
}
