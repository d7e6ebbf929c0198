import type { Dataset } from "../core/data/dataset.js";
import { createNetwork, fusesMultiplyAdd } from "../core/engine/create.js";
import { encodeModel } from "../core/formats/model-file.js";
import { murmur3 } from "../core/formats/murmur3.js";
import { datasetFeatures, type Features } from "../core/transfer/index.js";
import { pictureKinds } from "../node/data/are-pictures.js";
import { diskFeatureCache } from "../node/data/feature-cache.js";
import { type LoadedDataset, type LoadOptions, loadDataset } from "../node/data/load.js";
import { nodePlatform } from "../node/platform.js";
import type { ReadBody } from "../node/read-body.js";
import { featuresName } from "../run/features-name.js";

/** Which images, where they came from, and who is told how far it is. */
export interface AuditFeatures extends LoadedDataset {
  readonly data: string;
  /** What the data set was loaded with: sizes that were asked for go before the body's own. */
  readonly loading: LoadOptions;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (done: number, count: number) => void;
  /** Told why features aren't kept. */
  readonly onUnwritten: (why: string) => void;
}

/** A body's features of all images of a data set: of pictures at the body's own size. Those known before are not worked out again. */
export async function auditFeatures(
  { contents }: ReadBody,
  { data, loading, dataset, kind, threads, signal, onProgress, onUnwritten }: AuditFeatures,
): Promise<Features> {
  const [height, width, channels] = contents.inputShape;
  const own = { size: [height, width], channels } as LoadOptions;
  const images: Dataset = pictureKinds.includes(kind)
    ? (await loadDataset(data, { ...own, ...quietly(loading) })).dataset
    : dataset;
  const digest = murmur3(encodeModel(contents));
  return datasetFeatures(contents, images, {
    mirrored: true,
    platform: nodePlatform,
    threads,
    signal,
    onProgress,
    cache: (part) => {
      const name = featuresName(digest, part, images.imageShape, { fused: fusesMultiplyAdd(createNetwork) });
      return name === undefined ? undefined : diskFeatureCache(name, { onUnwritten });
    },
  });
}

/** Of pictures that were found before: what is in there was told then. */
const quietly = ({ onProgress, ...loading }: LoadOptions): LoadOptions => ({
  ...loading,
  onProgress: (progress) => {
    if (progress.type !== "notice") onProgress?.(progress);
  },
});
