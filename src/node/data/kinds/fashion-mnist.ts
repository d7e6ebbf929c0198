import { assembleDataset } from "../../../core/data/assemble.js";
import {
  type FileRole,
  fashionMnist,
  fashionMnistClassNames,
  fileRoles,
} from "../../../core/data/fashion-mnist.js";
import { parseIdxImages, parseIdxLabels } from "../../../core/data/idx.js";
import { HeddleError } from "../../../core/errors.js";
import type { DataKind, LoadedKind } from "../data-kind.js";
import { fashionMnistSources, findFashionMnist } from "../fashion-mnist.js";
import type { ResolvedLoadOptions } from "../load-options.js";

export const fashionMnistKind: DataKind = {
  name: "fashion-mnist",
  meaning: "Fashion-MNIST, fetched where it is not at hand",
  told: "its name alone",
  example: "fashion-mnist",
  reads: [],
  looksLike: () => false,
  load: async ({ path }) => {
    throw new HeddleError(
      `${path} is no ${fashionMnist}: name it ${fashionMnist}, or name a folder of its files.`,
    );
  },
};

/** @throws HeddleError where it is not at hand and can't be fetched */
export async function loadFashionMnist(options: ResolvedLoadOptions): Promise<LoadedKind> {
  const { onProgress = () => {}, signal } = options;
  const found = await findFashionMnist(fashionMnistSources(options.sources), onProgress, signal);
  const partOf = (images: FileRole, labels: FileRole) => ({
    ...parseIdxImages(found[images].bytes, found[images].path),
    labels: parseIdxLabels(found[labels].bytes, found[labels].path),
    imagesFrom: found[images].path,
    labelsFrom: found[labels].path,
  });
  const parts = { train: partOf("trainImages", "trainLabels"), test: partOf("testImages", "testLabels") };
  const nameOf = (label: number | string): string => fashionMnistClassNames[Number(label)];
  return {
    dataset: assembleDataset(fashionMnist, parts, { nameOf }),
    sources: fileRoles.map((role) => {
      const { bytes: _, ...source } = found[role];
      return source;
    }),
  };
}
