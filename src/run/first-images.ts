import * as z from "zod";
import type { Dataset } from "../core/data/dataset.js";
import { imagesMark, sameImages } from "../core/data/images-mark.js";
import { HeddleError } from "../core/errors.js";
import { otherImagesWords } from "../core/training/other-images.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";
import type { Store } from "./store.js";

/** What tells whether images are those that a run began with, until its receipt says so in full. */
export const firstImagesFile = "images.json";

const mark = z.looseObject({ count: z.number() });
const marksSchema = z.looseObject({ train: mark, validation: mark.optional(), test: mark });

type Part = "train" | "validation" | "test";

const marksOf = ({ train, validation, test }: Dataset) => ({
  train: imagesMark(train),
  ...(validation && { validation: imagesMark(validation) }),
  test: imagesMark(test),
});

export async function keepFirstImages(store: Store, dataset: Dataset): Promise<void> {
  await writeJsonFile(store, firstImagesFile, marksOf(dataset));
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
  const kept = await readJsonFile(store, firstImagesFile, marksSchema).catch((error: unknown) => {
    if (error instanceof HeddleError) return undefined;
    throw error;
  });
  if (!kept) return undefined;
  const now = marksOf(dataset);
  const other = parts.find((part) => !sameImages(kept[part], now[part]));
  return other && otherImagesWords(kept[other], now[other]);
}
