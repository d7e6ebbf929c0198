import { basename, resolve } from "node:path";
import { assembleDataset } from "../../core/data/assemble.js";
import type { Dataset, DatasetInMemory } from "../../core/data/dataset.js";
import {
  type FileRole,
  fashionMnist,
  fashionMnistClassNames,
  fileRoles,
} from "../../core/data/fashion-mnist.js";
import { type FashionMnistSources, fashionMnistSources, findFashionMnist } from "./fashion-mnist.js";
import { isPublished, readFolder } from "./folder.js";
import type { OnDataProgress } from "./progress.js";
import type { DataSource, FoundFiles } from "./source.js";

/** How a data set is looked for. */
export interface LoadOptions {
  /** Told what goes on. */
  readonly onProgress?: OnDataProgress;
  /** Stops the search and any download. */
  readonly signal?: AbortSignal;
  /** Where Fashion-MNIST is looked for (default `fashionMnistSources()`). */
  readonly sources?: FashionMnistSources;
}

/** What `loadDataset` found. */
export interface LoadedDataset<Data extends Dataset = Dataset> {
  /** Images, labels and class names. */
  readonly dataset: Data;
  /** Training images, training labels, test images, test labels. */
  readonly sources: readonly DataSource[];
}

/**
 * Loads a data set: `fashion-mnist`, fetched where it is not at hand, or a folder with four IDX files in the
 * format of MNIST, gzip or not, images [N, H, W] or [N, H, W, C].
 * @throws HeddleError naming the file that is missing, damaged, or does not fit the others.
 */
export async function loadDataset(
  data: typeof fashionMnist,
  options?: LoadOptions,
): Promise<LoadedDataset<DatasetInMemory>>;
export async function loadDataset(data: string, options?: LoadOptions): Promise<LoadedDataset>;
export async function loadDataset(data: string, options: LoadOptions = {}): Promise<LoadedDataset> {
  const sources = options.sources ?? fashionMnistSources();
  if (data === fashionMnist) {
    const found = await findFashionMnist(sources, options.onProgress ?? (() => {}), options.signal);
    return loaded(fashionMnist, found, fashionMnistClassNames);
  }
  const found = await readFolder(data);
  return isPublished(found, sources.files)
    ? loaded(fashionMnist, found, fashionMnistClassNames)
    : loaded(basename(resolve(data)), found);
}

function loaded(name: string, found: FoundFiles, classNames?: readonly string[]): LoadedDataset {
  const contentOf = (role: FileRole) => ({ file: found[role].path, bytes: found[role].bytes });
  const contents = {
    trainImages: contentOf("trainImages"),
    trainLabels: contentOf("trainLabels"),
    testImages: contentOf("testImages"),
    testLabels: contentOf("testLabels"),
  };
  return {
    dataset: assembleDataset(name, contents, classNames),
    sources: fileRoles.map((role) => {
      const { file, path, origin, sha256 } = found[role];
      return { file, path, origin, sha256 };
    }),
  };
}
