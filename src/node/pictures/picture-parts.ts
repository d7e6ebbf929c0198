import type { Labels } from "../../core/data/dataset.js";
import { splitDataset } from "../../core/data/split.js";
import { HeddleError } from "../../core/errors.js";
import { streamKey } from "../../core/random.js";
import { listed, percent, plural } from "../../core/words.js";
import type { OnDataProgress } from "../data/progress.js";
import type { GatheredPicture } from "./gather-pictures.js";
import { someOf } from "./list-folder.js";
import { classOrder, type PicturePart } from "./picture-files.js";

/** Pictures by what they serve for. */
export interface PictureParts {
  readonly train: readonly GatheredPicture[];
  /** Where a part is given for it. */
  readonly validation?: readonly GatheredPicture[];
  /** Where a part is given for it. */
  readonly test?: readonly GatheredPicture[];
}

/**
 * Sorts pictures by the parts that they are in. Where `train` and `validation` are all there is, `validation` is judged on
 * and a part of `train` validates: what is held out is read to report, not to choose. Where no part is given all of it trains,
 * or with a test share of 1 tests.
 *
 * @throws HeddleError where nothing is there to train on
 */
export function partsOf(
  name: string,
  pictures: readonly GatheredPicture[],
  testShare: number,
  onProgress: OnDataProgress,
): PictureParts {
  const of = (part: PicturePart): readonly GatheredPicture[] =>
    pictures.filter((picture) => picture.part === part);
  const notice = (message: string): void => onProgress({ type: "notice", message: `${name}: ${message}` });
  if (pictures.every(({ part }) => part === undefined)) {
    if (testShare < 1) return { train: pictures };
    notice(`no part to test with is given, so all of it is judged, ${plural(pictures.length, "picture")}.`);
    return { train: [], test: pictures };
  }
  const [train, validation, test] = [of("train"), of("validation"), of("test")];
  if (train.length === 0)
    throw new HeddleError(`${name} has no pictures to train on: its part train is empty.`);
  if (test.length > 0 && validation.length > 0) {
    notice("train trains, validation chooses the best epoch, test is judged at the end.");
    return { train, validation, test };
  }
  if (test.length > 0) {
    notice("test is judged at the end; a part of train validates.");
    return { train, test };
  }
  if (validation.length > 0) {
    notice("validation is judged at the end, as there is no test; a part of train validates.");
    return { train, test: validation };
  }
  return { train };
}

/**
 * The classes, in their order.
 *
 * @throws HeddleError unless there are two or more, each with something to train on
 */
export function classesOf(name: string, pictures: readonly GatheredPicture[]): readonly string[] {
  const classNames = classOrder(pictures.map(({ label }) => label));
  if (classNames.length < 2) {
    const has =
      classNames.length === 0
        ? "no pictures"
        : `pictures of one class alone, ${JSON.stringify(classNames[0])}`;
    throw new HeddleError(`${name} has ${has}: expected at least 2 classes to tell apart.`);
  }
  const trained = new Set(
    pictures.filter(({ part }) => part === undefined || part === "train").map(({ label }) => label),
  );
  const untrained = classNames.filter((label) => !trained.has(label));
  if (trained.size > 0 && untrained.length > 0) {
    throw new HeddleError(
      `${name}: ${someOf(untrained)} ${untrained.length === 1 ? "has" : "have"} pictures in other parts and none in train. Add some, or leave the class out.`,
    );
  }
  return classNames;
}

/** Sets the choice of pictures that test apart from every other use of the same seed. */
const testStream = 0x54455354;

/**
 * Takes a share of each class to test with; no group is parted.
 *
 * @returns indices of pictures
 * @throws HeddleError where no class can be parted
 */
export function takeTest(
  name: string,
  { labels, classNames, groups }: { labels: Labels; classNames: readonly string[]; groups: Uint32Array },
  { seed, testShare }: { readonly seed: number; readonly testShare: number },
  onProgress: OnDataProgress,
): { readonly train: Uint32Array; readonly test: Uint32Array } {
  const firstGroups = new Map<number, number>();
  const parts = labels.some((label, image) => {
    const first = firstGroups.get(label) ?? groups[image];
    firstGroups.set(label, first);
    return first !== groups[image];
  });
  if (!parts) {
    throw new HeddleError(
      `${name}: no class has two pictures of which one could test and the other train, near-duplicates counted as one. Add pictures, or give parts to train and to test.`,
    );
  }
  const { train, validation: test } = splitDataset(labels, classNames.length, {
    seed: streamKey(testStream, seed),
    validationShare: testShare,
    groups,
  });
  const tested = new Set(Array.from(test, (image) => labels[image]));
  const without = classNames.filter((_, label) => !tested.has(label));
  onProgress({
    type: "notice",
    message: `${name}: no part to test with is given, so ${plural(test.length, "picture")} (${percent(testShare, 0)} of each class, seed ${seed}) are kept for that; near-duplicates stay together.`,
  });
  if (without.length > 0) {
    onProgress({
      type: "warning",
      message: `${name}: ${listed(without)} ${without.length === 1 ? "has" : "have"} too few pictures to test with.`,
    });
  }
  return { train, test };
}
