import type { Dataset, ImageSet } from "../data/dataset.js";
import { ownMembers } from "../formats/arguments.js";
import { type ModelContents, modelMetadata } from "../formats/model-file.js";
import { graphFromConfig } from "../graph/index.js";
import { joinFloats } from "../join-floats.js";
import { checkValue, functionKind, type OptionTable, resolveOptions } from "../options/index.js";
import { checkImages } from "../training/check-data.js";
import { readParts } from "../training/read-parts.js";
import { bodyOf } from "./body.js";
import { extractFeatures, type FeatureOptions, type Features, featureOptions } from "./features.js";
import { type FeatureCache, type KnownFeatures, knownFeatures } from "./known-features.js";
import { imageShapeKind, namesKind } from "./options.js";

/** As `extractFeatures` has them, and what knows some already. */
export interface DatasetFeaturesOptions extends FeatureOptions {
  /** Knows features of a part, and keeps new ones (default: nothing does). */
  readonly cache?: (part: ImageSet) => FeatureCache | undefined;
}

const datasetFeaturesOptions = {
  ...featureOptions,
  cache: {
    meaning: "knows features of a part, and keeps new ones",
    kind: functionKind<NonNullable<DatasetFeaturesOptions["cache"]>>(),
    otherwise: "nothing does",
  },
} satisfies OptionTable<DatasetFeaturesOptions>;

/**
 * A body's features of all images of a data set, part behind part: those that train, that validate, that judge. An audit
 * takes them in this order.
 *
 * @param contents a model's, as `decodeModel` gives them
 * @throws UsageError on an option that is not allowed
 * @throws HeddleError where the body can't take the images, and where its weights aren't its own
 */
export async function datasetFeatures(
  contents: ModelContents,
  dataset: Dataset,
  options: DatasetFeaturesOptions,
): Promise<Features> {
  const place = "datasetFeatures";
  const { layers, inputShape, normalization, ...given } = ownMembers(place, "contents", contents);
  modelMetadata({ layers, inputShape, normalization, classNames: given.classNames });
  const { cache, onProgress, ...others } = resolveOptions(place, options, datasetFeaturesOptions);
  const own = readParts<Dataset>(
    `${place}: dataset`,
    dataset,
    "imageShape",
    "classNames",
    "train",
    "validation",
    "test",
  );
  const imageShape = checkValue(place, "dataset.imageShape", own.imageShape, imageShapeKind);
  const body = bodyOf(graphFromConfig(layers, inputShape), imageShape);
  const of = {
    inputShape: imageShape,
    classes: checkValue(place, "dataset.classNames", own.classNames, namesKind).length,
  };
  const parts = (["train", "validation", "test"] as const).flatMap((name) => {
    const part = own[name];
    if (name === "validation" && part === undefined) return [];
    return { given: part!, checked: checkImages(`${place}: dataset.${name}`, part, of) };
  });
  const count = parts.reduce((sum, { checked }) => sum + checked.count, 0);
  const trained = { graph: body.graph, tensors: given.tensors, normalization };
  const found: Features[] = [];
  let done = 0;
  for (const { given: part, checked } of parts) {
    const before = done;
    const wanted: KnownFeatures = { size: body.features, count: checked.count, mirrored: others.mirrored };
    found.push(
      await knownFeatures(cache?.(part), wanted, () =>
        extractFeatures(trained, checked.images, checked.count, {
          ...others,
          onProgress: (some) => onProgress?.(before + some, count),
        }),
      ),
    );
    done += checked.count;
  }
  return {
    size: body.features,
    plain: joinFloats(found.map(({ plain }) => plain)),
    ...(others.mirrored && { mirrored: joinFloats(found.map(({ mirrored }) => mirrored!)) }),
  };
}
