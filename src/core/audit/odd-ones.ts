import { outlinesOf } from "../data/duplicates/outlines.js";
import { thumbnailsOf } from "../data/duplicates/thumbnails.js";
import { createRandom, permutation } from "../random.js";
import type { Pooled } from "./pooled.js";

/** What is odd about an image: all of one colour, almost black, almost white, or like no other. */
export type Oddity = "oneColour" | "dark" | "bright" | "unlike";

/** An image that hardly belongs to the data. */
export interface OddOne {
  /** Of the pooled images. */
  readonly image: number;
  readonly kind: Oddity;
  /**
   * Of one that is dark or bright its mean level, 0 … 255; of one of one colour that level; of one like no other the distance
   * to the nearest of the images that it was held against, 0 … 2.
   */
  readonly score: number;
}

/** Levels between the darkest and the brightest 1 % of a channel: where none has as many, the image is of one colour. */
const leastRange = 6;

/** Almost black: 99 % of each channel are below this; almost white: above 255 less this. */
const blackLevel = 32;

/** Images that all others are held against. */
const sampleSize = 1000;

/** Most that are named as like no other. */
const mostUnlike = 200;

const sampleStream = 0x4f444453;

/**
 * Images that hardly belong to the data: of one colour, almost black or white, or like no other.
 *
 * The last are outliers by sampling (Sugiyama and Borgwardt 2013, Rapid Distance-Based Outlier Detection via Sampling, NIPS 26):
 * an image's score is the distance to the nearest of a random sample of the images, here of at most 1,000, between outlines
 * from afar (the lowest cosines of the grey, brightness and contrast taken out). Named are scores
 * more than three interquartile ranges above the upper quartile, which Tukey (1977) calls far out.
 *
 * @param seed decides which images are the sample
 * @param pass awaited between images: what it throws ends the search
 */
export async function findOddOnes(
  { count, images, shape }: Pooled,
  seed: number,
  pass: () => Promise<void>,
): Promise<readonly OddOne[]> {
  const size = shape[0] * shape[1] * shape[2];
  const found: OddOne[] = [];
  const plain = new Set<number>();
  for (let image = 0; image < count; image++) {
    await pass();
    const odd = oddLevels(images.subarray(image * size, (image + 1) * size), shape[2]);
    if (!odd) continue;
    plain.add(image);
    found.push({ image, ...odd });
  }
  const scores = await unlikeness(outlinesOf(thumbnailsOf(images, count, shape, 32)), seed, pass);
  const limit = farOut(scores.filter((score) => score > 0));
  const unlike = Array.from(scores.keys())
    .filter((image) => scores[image] > limit && !plain.has(image))
    .sort((a, b) => scores[b] - scores[a] || a - b);
  for (const image of unlike.slice(0, mostUnlike))
    found.push({ image, kind: "unlike", score: scores[image] });
  return found;
}

function oddLevels(pixels: Uint8Array, channels: number): Omit<OddOne, "image"> | undefined {
  const score = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  let [range, darkest, brightest] = [0, 255, 0];
  for (let channel = 0; channel < channels; channel++) {
    const counts = new Uint32Array(256);
    for (let at = channel; at < pixels.length; at += channels) counts[pixels[at]]++;
    const [low, high] = [0.01, 0.99].map((share) => quantileOf(counts, (share * pixels.length) / channels));
    range = Math.max(range, high - low);
    darkest = Math.min(darkest, low);
    brightest = Math.max(brightest, high);
  }
  if (range < leastRange) return { kind: "oneColour", score };
  if (brightest < blackLevel) return { kind: "dark", score };
  if (darkest > 255 - blackLevel) return { kind: "bright", score };
  return undefined;
}

/** The level up to which a number of the bytes lie. */
function quantileOf(counts: Uint32Array, number: number): number {
  let sum = 0;
  for (const [level, count] of counts.entries()) {
    sum += count;
    if (sum > number) return level;
  }
  return 255;
}

/** Distances to the nearest of a sample; 0 for images that have no outline. */
async function unlikeness(
  { count, size, values, told }: ReturnType<typeof outlinesOf>,
  seed: number,
  pass: () => Promise<void>,
): Promise<Float32Array> {
  const sample = permutation(count, createRandom(sampleStream, seed))
    .filter((image) => told[image])
    .subarray(0, sampleSize);
  const found = new Float32Array(count);
  for (let image = 0; image < count; image++) {
    await pass();
    if (!told[image]) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (const other of sample) {
      if (other === image) continue;
      let distance = 0;
      for (let index = 0; index < size && distance < nearest; index++) {
        const apart = values[image * size + index] - values[other * size + index];
        distance += apart * apart;
      }
      nearest = Math.min(nearest, distance);
    }
    if (Number.isFinite(nearest)) found[image] = Math.sqrt(nearest);
  }
  return found;
}

/** Where far out begins. */
function farOut(scores: Float32Array): number {
  if (scores.length === 0) return Number.POSITIVE_INFINITY;
  const sorted = scores.slice().sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))];
  return at(0.75) + 3 * (at(0.75) - at(0.25));
}
