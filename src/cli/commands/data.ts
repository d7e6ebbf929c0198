import type { ImageSet } from "../../core/data/dataset.js";
import { countLabels } from "../../core/data/labels.js";
import { counted, mebibytes } from "../../core/words.js";
import { type LoadedDataset, loadDataset } from "../../node/data/load.js";
import type { OnDataProgress } from "../../node/data/progress.js";
import type { DataOrigin } from "../../node/data/source.js";
import { plainTable } from "../view/plain-table.js";
import type { CommandOutput } from "./output.js";

export interface DataCommandOptions {
  /** `fashion-mnist` or a folder. */
  readonly data: string;
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
  const loaded = await loadDataset(options.data, { onProgress: dataProgressLines(out.stderr) });
  if (options.json) out.stdout(JSON.stringify(dataReport(loaded)));
  else for (const line of reportLines(loaded)) out.stdout(line);
}

/** Turns progress into lines: a download's first piece, then one every ten seconds. */
export function dataProgressLines(line: (text: string) => void): OnDataProgress {
  const secondsBetween = 10;
  let address = "";
  let next = 0;
  return (progress) => {
    if (progress.type === "notice") line(progress.message);
    else if (progress.type === "warning") line(`Warning: ${progress.message}`);
    else {
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

function dataReport({ dataset, sources }: LoadedDataset) {
  const setReport = (set: ImageSet) => ({
    images: set.count,
    imagesPerClass: Array.from(countLabels(set.labels, dataset.classNames.length)),
  });
  return {
    event: "data",
    name: dataset.name,
    imageShape: dataset.imageShape,
    classNames: dataset.classNames,
    files: sources,
    train: setReport(dataset.train),
    test: setReport(dataset.test),
  };
}

function reportLines({ dataset, sources }: LoadedDataset): string[] {
  const classes = dataset.classNames.length;
  const lines = [`${dataset.name}: images of ${dataset.imageShape.join("×")}, ${classes} classes`, ""];
  for (const { path, origin, sha256 } of sources) {
    lines.push(path, `  from     ${originWords[origin]}`, `  SHA-256  ${sha256}`);
  }
  const train = countLabels(dataset.train.labels, classes);
  const test = countLabels(dataset.test.labels, classes);
  const table = plainTable(
    [
      { head: "class", align: "right" },
      { head: "name", align: "left" },
      { head: "training", align: "right" },
      { head: "test", align: "right" },
    ],
    [
      ...dataset.classNames.map((name, label) => [
        String(label),
        name,
        counted(train[label]),
        counted(test[label]),
      ]),
      ["", "all", counted(dataset.train.count), counted(dataset.test.count)],
    ],
  );
  return [...lines, "", ...table.split("\n")];
}
