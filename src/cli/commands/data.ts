import type { ImageSet } from "../../core/data/dataset.js";
import { countLabels } from "../../core/data/labels.js";
import { counted, mebibytes } from "../../core/words.js";
import { type LoadedDataset, loadDataset } from "../../node/data/load.js";
import type { OnDataProgress } from "../../node/data/progress.js";
import type { DataOrigin } from "../../node/data/source.js";
import { isPictureDataset } from "../../node/pictures/picture-dataset.js";
import { type DataFlags, dataOptionsFrom } from "../data-flags.js";
import { imagesWords, troubleLines, unevenWords } from "../view/data-facts.js";
import { warningLine } from "../view/paint.js";
import { plainTable } from "../view/plain-table.js";
import type { CommandOutput } from "./output.js";

export interface DataCommandOptions extends DataFlags {
  readonly json?: boolean;
}

const originWords: Readonly<Record<DataOrigin, string>> = {
  cache: "cache",
  "debian-folder": "installed Debian package",
  download: "downloaded now, kept in the cache",
  "debian-package": "Debian package fetched now, kept in the cache",
  folder: "the folder given",
  file: "the file given",
};

/** Says where each file of a data set came from, its checksum, and how many images each class has. */
export async function dataCommand(options: DataCommandOptions, out: CommandOutput): Promise<void> {
  const onProgress = dataProgressLines(out);
  const loaded = await loadDataset(options.data, { ...dataOptionsFrom(options), onProgress });
  if (options.json) out.stdout(JSON.stringify(dataReport(loaded)));
  else for (const line of reportLines(loaded)) out.stdout(line);
}

/** Turns progress into lines: a download's first piece, then one every ten seconds. */
export function dataProgressLines({
  stderr: line,
  errorColour,
}: Pick<CommandOutput, "stderr" | "errorColour">): OnDataProgress {
  const secondsBetween = 10;
  let address = "";
  let next = 0;
  let nextPictures = 0;
  let allTold = 0;
  return (progress) => {
    if (progress.type === "notice") line(progress.message);
    else if (progress.type === "warning") line(warningLine(errorColour, progress.message));
    else if (progress.type === "pictures") {
      const { done, total, perSecond } = progress;
      const now = performance.now();
      // They are gone through in several sizes: that all are done is told once.
      if (done < total ? now < nextPictures : total === allTold) return;
      if (done === total) allTold = total;
      nextPictures = now + secondsBetween * 1000;
      line(
        `Decoding pictures: ${counted(done)} of ${counted(total)}, ${counted(Math.round(perSecond))} a second`,
      );
    } else {
      const now = performance.now();
      if (progress.address === address && now < next) return;
      address = progress.address;
      next = now + secondsBetween * 1000;
      line(`Fetching ${address}: ${mebibytes(progress.receivedBytes)}${ofTotal(progress.totalBytes)}`);
    }
  };
}

function ofTotal(bytes: number | undefined): string {
  return bytes === undefined ? "" : ` of ${mebibytes(bytes)}`;
}

function dataReport({ dataset, kind, sources }: LoadedDataset) {
  const setReport = (set: ImageSet) => ({
    images: set.count,
    imagesPerClass: Array.from(countLabels(set.labels, dataset.classNames.length)),
  });
  return {
    event: "data",
    name: dataset.name,
    kind,
    imageShape: dataset.imageShape,
    classNames: dataset.classNames,
    ...(dataset.preparation && { preparation: dataset.preparation }),
    files: sources,
    ...(isPictureDataset(dataset) && { skipped: dataset.skipped, conflicts: dataset.conflicts }),
    train: setReport(dataset.train),
    ...(dataset.validation && { validation: setReport(dataset.validation) }),
    test: setReport(dataset.test),
  };
}

function reportLines({ dataset, sources }: LoadedDataset): string[] {
  const { name, classNames } = dataset;
  const classes = classNames.length;
  const lines = [`${name}: ${imagesWords(dataset)}, ${classes} classes`, ...(sources.length > 0 ? [""] : [])];
  for (const { path, origin, sha256 } of sources) {
    lines.push(path, `  from     ${originWords[origin]}`, `  SHA-256  ${sha256}`);
  }
  const parts = [
    { head: "training", set: dataset.train },
    ...(dataset.validation ? [{ head: "validation", set: dataset.validation }] : []),
    { head: "test", set: dataset.test },
  ];
  const counts = parts.map(({ set }) => countLabels(set.labels, classes));
  const table = plainTable(
    [
      { head: "class", align: "right" },
      { head: "name", align: "left" },
      ...parts.map(({ head }) => ({ head, align: "right" as const })),
    ],
    [
      ...classNames.map((name, label) => [
        String(label),
        name,
        ...counts.map((each) => counted(each[label])),
      ]),
      ["", "all", ...parts.map(({ set }) => counted(set.count))],
    ],
  );
  const uneven = unevenWords(dataset.train.labels, classNames);
  return [
    ...lines,
    "",
    ...table.split("\n"),
    ...troubleLines(dataset),
    ...(uneven
      ? [
          "",
          `Classes are uneven, ${uneven} images to train with: train --class-weights balanced has each count the same.`,
        ]
      : []),
  ];
}
