import * as z from "zod";
import { checksum } from "../core/checksum.js";
import type { Dataset } from "../core/data/dataset.js";
import { type ImagesMark, imagesMark, sameImages } from "../core/data/images-mark.js";
import { HeddleError } from "../core/errors.js";
import { readJsonFile, writeJsonFile } from "../run/json-file.js";
import type { Store } from "../run/store.js";
import { type Difference, firstDifference } from "./difference.js";
import { StudyError } from "./study-error.js";
import { trialsOf } from "./trial-folder.js";

/** A data set's name, and what tells whether another is the same. */
export interface DataMark {
  readonly name: string;
  readonly trainingImages: ImagesMark;
  /** Which of them are never parted, which decides what validates; null of none, undefined in those of before. */
  readonly trainingGroups?: number | null;
  /** Where a part validates; null where none does, undefined in those of before. */
  readonly validationImages?: ImagesMark | null;
  readonly testImages: ImagesMark;
}

/** `study.json`: what all trials of a study have in common. */
export interface StudyManifest {
  readonly format: 2;
  /** What people call such a study: "reproduction". */
  readonly kind: string;
  readonly heddle: string;
  readonly data: DataMark;
  /** What else its trials share, and a study that goes on there must too. */
  readonly about: object;
}

/** What a study's place is held against. */
export interface WantedStudy extends Pick<StudyManifest, "kind" | "heddle" | "about"> {
  /** Left out where the data is not at hand yet: then it is not compared. */
  readonly data?: DataMark;
  /**
   * Of a place without `study.json`: whether something in it belongs there all the same, beside `trials` (default: no).
   *
   * @param names all that is there
   */
  isOwn?(name: string, names: readonly string[]): boolean | Promise<boolean>;
}

const manifestFile = "study.json";
/** Of what came before trials were run folders: `reproduction.json`. */
const formerFile = "reproduction.json";
const format = 2;

const imagesSchema = z.object({
  count: z.number(),
  checksum: z.number(),
  fingerprint: z.string().nullable().optional(),
  labels: z.number().optional(),
});

const schema = z.object({
  format: z.literal(format),
  kind: z.string(),
  heddle: z.string(),
  data: z.object({
    name: z.string(),
    trainingImages: imagesSchema,
    trainingGroups: z.number().nullable().optional(),
    validationImages: imagesSchema.nullable().optional(),
    testImages: imagesSchema,
  }),
  about: z.looseObject({}),
});

export function markOf({ name, train, validation, test }: Dataset): DataMark {
  return {
    name,
    trainingImages: imagesMark(train),
    trainingGroups: train.groups ? checksum(train.groups) : null,
    validationImages: validation ? imagesMark(validation) : null,
    testImages: imagesMark(test),
  };
}

/**
 * Holds a place against the study that is to go on in it.
 *
 * @returns what it holds; undefined where no trial was begun there
 * @throws StudyError where it holds other things, or was made by another version, of other data, or otherwise.
 */
export async function checkStudy(study: Store, wanted: WantedStudy): Promise<StudyManifest | undefined> {
  const kept = await readManifest(study);
  const { where } = study;
  if (!kept) await refuseOtherThings(study, wanted);
  // Without a trial nothing is lost by another beginning.
  if (!kept || !(await trialsOf(study).list())?.length) return undefined;
  const refuse = (message: string): StudyError => new StudyError("folder", message);
  if (kept.kind !== wanted.kind) {
    throw refuse(
      `${where} holds a ${kept.kind}, and no ${wanted.kind} goes on there. Choose another folder.`,
    );
  }
  if (kept.heddle !== wanted.heddle) {
    throw refuse(
      `${where} was made by heddle ${kept.heddle}, and this is ${wanted.heddle}: what two versions train is not put into one table. Choose another folder, or go on with heddle ${kept.heddle}.`,
    );
  }
  const data = wanted.data && dataDifference(kept.data, wanted.data);
  if (data) {
    throw new StudyError(
      "otherData",
      `${where} holds a ${kept.kind} on other data: its ${data.place} is ${data.kept}, here it is ${data.wanted}. Give the same data, or choose another folder.`,
    );
  }
  const about = firstDifference(kept.about, wanted.about);
  if (about) {
    throw refuse(
      `${where} holds another ${kept.kind}: its ${about.place} is ${about.kept} in ${study.place(manifestFile)}, here it is ${about.wanted}. Give the same, or choose another folder.`,
    );
  }
  return kept;
}

/** What is kept of a study that was made before more was noted is all that is compared. */
function dataDifference(kept: DataMark, wanted: DataMark): Difference | undefined {
  const { trainingGroups, validationImages } = kept;
  const noted = {
    ...wanted,
    ...(trainingGroups === undefined && { trainingGroups }),
    ...(validationImages === undefined && { validationImages }),
  };
  const same =
    kept.name === noted.name &&
    sameImages(kept.trainingImages, noted.trainingImages) &&
    kept.trainingGroups === noted.trainingGroups &&
    (kept.validationImages === noted.validationImages ||
      sameImages(kept.validationImages, noted.validationImages)) &&
    sameImages(kept.testImages, noted.testImages);
  return same ? undefined : firstDifference(kept, noted);
}

/** Checks a study's place and writes down in it what its trials share, where that isn't there yet. */
export async function prepareStudy(
  study: Store,
  wanted: WantedStudy & { readonly data: DataMark },
): Promise<void> {
  if (await checkStudy(study, wanted)) return;
  const { kind, heddle, data, about } = wanted;
  const manifest: StudyManifest = { format, kind, heddle, data, about };
  await writeJsonFile(study, manifestFile, manifest);
}

/** `study.json` of a place; undefined where there is none. @throws HeddleError on a damaged one. */
export async function readManifest(study: Store): Promise<StudyManifest | undefined> {
  return readJsonFile(study, manifestFile, schema).catch((cause: unknown) => {
    if (!(cause instanceof HeddleError)) throw cause;
    throw new StudyError("folder", `${cause.message} Put it back, or choose another folder.`, { cause });
  });
}

/** A place without a manifest may be new, hold nothing, or hold trials that were copied, and what the study adds. */
async function refuseOtherThings(study: Store, { kind, isOwn }: WantedStudy): Promise<void> {
  const { where } = study;
  const names = ((await study.list()) ?? []).map(({ name }) => name);
  if (names.includes(formerFile)) {
    throw new StudyError(
      "folder",
      `${where} holds a reproduction of an earlier heddle, whose trials were single files: they are run folders now. Choose another folder, or go on with the heddle that began it.`,
    );
  }
  const others: string[] = [];
  for (const name of names) {
    if (name !== "trials" && !(await isOwn?.(name, names))) others.push(name);
  }
  if (others.length === 0) return;
  const shown = others.slice(0, 3).join(", ") + (others.length > 3 ? ", …" : "");
  throw new StudyError(
    "folder",
    `${where} holds other things (${shown}) and no ${manifestFile}, so it is no ${kind}'s folder. Choose a new one.`,
  );
}
