import type { Command } from "commander";
import { type PicturePreparation, resizeModes } from "../core/data/picture-preparation.js";
import { UsageError } from "../core/errors.js";
import { listed } from "../core/words.js";
import { type DataKindName, dataKindNames } from "../node/data/kind-names.js";
import type { DataOptions } from "../run/host.js";
import { chooseName, finiteNumber } from "./arguments.js";
import { suggestOptions } from "./meant-option.js";
import { stated } from "./stated.js";

/** Which images a command takes, and what pictures become. */
export interface DataFlags {
  readonly data: string;
  readonly dataKind?: DataKindName;
  readonly imageSize?: PicturePreparation["size"];
  readonly channels?: PicturePreparation["channels"];
  readonly resize?: PicturePreparation["resize"];
  /** Share of the pictures that may be left out. */
  readonly skipUnreadable?: number;
}

/** Of a command that finds images by itself. */
export function addDataOptions(command: Command): Command {
  return suggestOptions(command)
    .option("--data <name|path>", dataText, "fashion-mnist")
    .option(...kindOption)
    .option(
      "--image-size <n|hxw>",
      "pixels that pictures get: 128, or 96x128 (default: 96; of train without --model 64, with --from what the body takes)",
      readSize,
    )
    .option("--channels <n>", "of pictures: 3, red, green and blue, or 1, grey (default: 3)", readChannels)
    .option(
      "--resize <way>",
      `how pictures get that size: ${listed(resizeModes, "or")} (default: crop)`,
      (text) => chooseName("way to resize", text, resizeModes),
    )
    .option(
      "--skip-unreadable <share>",
      "share of the pictures that may be broken: they are listed and left out (default: 0.05)",
      readShare,
    );
}

/** Of a command that has images of a run. */
export function addOtherDataOptions(command: Command, dataText: string): Command {
  return suggestOptions(command)
    .option("--data <name|path>", dataText)
    .option(...kindOption);
}

const kindOption = [
  "--data-kind <name>",
  `what it is, where that can't be told by what is there: ${listed(dataKindNames, "or")}`,
  (text: string) => chooseName("kind of data", text, dataKindNames),
] as const;

const dataText =
  "fashion-mnist, a folder of pictures with a folder a class, or a file or folder of another kind of data";

/** What a loader is told beside the name; undefined where that says all. */
export function dataOptionsFrom({
  dataKind,
  imageSize,
  channels,
  resize,
  skipUnreadable,
}: DataFlags): DataOptions | undefined {
  const told = stated({
    kind: dataKind,
    size: imageSize,
    channels,
    resize,
    skipShare: skipUnreadable,
  });
  return Object.keys(told).length > 0 ? told : undefined;
}

/** Of a side. */
const mostPixels = 4096;

/** "96" → [96, 96], "96x128" → [96, 128]. */
export function readSize(text: string): readonly [height: number, width: number] {
  const sides = /^(\d{1,5})(?:[x×](\d{1,5}))?$/iu.exec(text.trim());
  const [height, width] = sides ? [Number(sides[1]), Number(sides[2] ?? sides[1])] : [0, 0];
  if ([height, width].every((side) => side >= 1 && side <= mostPixels)) return [height, width];
  throw new UsageError(
    `--image-size got "${text}": expected 1 to ${mostPixels} pixels for both sides, such as 96, or height and width, such as 96x128.`,
  );
}

function readChannels(text: string): PicturePreparation["channels"] {
  const channels = ([1, 3] as const).find((count) => String(count) === text.trim());
  if (channels) return channels;
  throw new UsageError(`--channels got "${text}": expected 3, red, green and blue, or 1, grey.`);
}

function readShare(text: string): number {
  const share = finiteNumber("--skip-unreadable")(text);
  if (share >= 0 && share <= 1) return share;
  throw new UsageError(`--skip-unreadable got "${text}": expected a share from 0 to 1, such as 0.02.`);
}
