import { arithmeticVersion } from "../core/arithmetic.js";
import type { ImageSet } from "../core/data/dataset.js";
import { imagesMark } from "../core/data/images-mark.js";
import { murmur3 } from "../core/formats/murmur3.js";
import type { Shape } from "../core/layers/layer.js";

/**
 * What a body's features of some images are kept under: it says which body, which images and which arithmetic. Features of
 * images that can't be told from others can't be found again: they have none.
 *
 * @param digest of the body's file
 */
export function featuresName(
  digest: string,
  images: ImageSet,
  inputShape: Shape,
  { fused }: { readonly fused: boolean },
): string | undefined {
  const { labels, ...mark } = imagesMark(images);
  if (mark.fingerprint === null) return undefined;
  // Of images that have a fingerprint the same whether they are in memory or not.
  const told = labels === undefined ? mark : { ...mark, checksum: labels };
  const parts = [
    digest,
    JSON.stringify(told),
    inputShape.join("x"),
    `arithmetic ${arithmeticVersion}`,
    fused ? "fused" : "plain",
  ];
  return murmur3(new TextEncoder().encode(parts.join(", ")));
}
