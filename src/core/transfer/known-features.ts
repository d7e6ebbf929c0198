import type { Features } from "./features.js";

/** Keeps features of some images. */
export interface FeatureCache {
  read(): Promise<Features | undefined>;
  write(features: Features): Promise<void>;
}

/** Which features are wanted. */
export interface KnownFeatures {
  /** Numbers an image. */
  readonly size: number;
  readonly count: number;
  readonly mirrored: boolean;
}

/** Features that a cache knows; others are worked out, and kept there. */
export async function knownFeatures(
  cache: FeatureCache | undefined,
  { size, count, mirrored }: KnownFeatures,
  extract: () => Promise<Features>,
): Promise<Features> {
  const kept = await cache?.read();
  const numbers = count * size;
  const fits = kept?.size === size && kept.plain.length === numbers;
  if (fits && (!mirrored || kept.mirrored?.length === numbers)) return kept;
  const features = await extract();
  await cache?.write(features);
  return features;
}
