import { checksum } from "../checksum.js";
import { UsageError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize, shapeText } from "../layers/shape.js";
import {
  checkValue,
  flag,
  functionKind,
  type OptionTable,
  resolveOptions,
  shape as shapeKind,
  typedArray,
  wholeNumber,
} from "../options/index.js";
import { detailDistance } from "./duplicates/detail-distance.js";
import { DisjointSets } from "./duplicates/disjoint-sets.js";
import { nearOutlines } from "./duplicates/near-outlines.js";
import { outlinesOf } from "./duplicates/outlines.js";
import { type Thumbnails, thumbnailsOf } from "./duplicates/thumbnails.js";

/** How duplicates are looked for; each may be left out. */
export interface NearDuplicateOptions {
  /** Whether near ones are looked for, not only images of the same bytes (default true). */
  readonly near?: boolean | undefined;
  /** Whether an image and another's mirror image are near (default true). */
  readonly mirrored?: boolean | undefined;
  /** Told, and awaited, each time near ones of some more of the images were looked for: what it throws ends the search. */
  readonly onProgress?: ((done: number, count: number) => void | Promise<void>) | undefined;
}

/** Two images that are one picture. */
export interface DuplicatePair {
  /** The image that comes first. */
  readonly first: number;
  readonly second: number;
  /** 0 for the same bytes, else that of their details, 0 … 0.12: see `findNearDuplicates`. */
  readonly distance: number;
  /** Whether their bytes are the same. */
  readonly exact: boolean;
  /** Whether they are each other's mirror image. */
  readonly mirrored: boolean;
}

/** What `findNearDuplicates` found. */
export interface NearDuplicates {
  /** [N]: images of one number are one picture; numbered from 0 in the order of their first images. */
  readonly groups: Uint32Array;
  /**
   * What joins the groups, in the order of the first images: each of the same bytes with the first of them, near ones with each
   * other. Of more than a million near ones, those alone that join images which the others don't.
   */
  readonly pairs: readonly DuplicatePair[];
}

const nearDuplicateOptions = {
  near: { meaning: "whether near ones are looked for", kind: flag(), default: true },
  mirrored: { meaning: "whether mirror images are near", kind: flag(), default: true },
  onProgress: {
    meaning: "told, and awaited, as images are looked at",
    kind: functionKind<NonNullable<NearDuplicateOptions["onProgress"]>>(),
    otherwise: "nobody is",
  },
} satisfies OptionTable<NearDuplicateOptions>;

/** Pixels of a side at most in which details are compared. */
const detailSide = 32;

/** Pixels of a side below which there are too few details to tell images by. */
const leastSide = 4;

/** Distance of outlines up to which details are compared: a correlation of 0.98 from afar. */
const outlineRadius = 0.2;

/** A distance of details up to which two images are duplicates whatever lies around them: little more than noise. */
const alike = 0.02;

/** The distance of details beyond which none are. */
const different = 0.12;

/**
 * Between the two a pair must stand out: its distance must be at most this share of that to the images around either.
 * Plain trousers are near each other too, but many of them are.
 */
const standingOut = 1 / 4;

/** Which of the images around, counted by distance, says how near those are that are no duplicates. */
const around = 5;

/** More pairs that are near whatever lies around them aren't kept, but for those that join others. */
const mostPairs = 2 ** 20;

/** Images between two words of progress. */
const stride = 256;

/** @returns [N]: images of one number are one picture. As `findNearDuplicates` says. */
export async function nearDuplicateGroups(
  images: Uint8Array,
  of: { readonly count: number; readonly shape: Shape },
  options: NearDuplicateOptions = {},
): Promise<Uint32Array> {
  return (await findNearDuplicates(images, of, options)).groups;
}

/**
 * Finds images that are one picture: of the same bytes, or the same but for compression, brightness, contrast, noise, a shift by
 * a pixel of 32 × 32, or a mirror.
 *
 * Pairs that look alike from afar (the 63 lowest cosines of their grey, brightness and contrast taken out, correlate with
 * 0.98 or more: a perceptual hash as numbers) are compared in their details, in at most 32 × 32 pixels: 1 − r, r the
 * correlation of their gradients. They are one picture up to a distance of 0.02; and up to 0.12 where they stand out, that is
 * where the distance is at most a quarter of that to the fifth nearest image of either. docs/audit.md says how these numbers
 * were chosen. Images of one colour, or with a side of less than four pixels, have nothing to know them by, and are compared by bytes alone. Time grows with the square of
 * the number of images that look alike.
 *
 * @param images [N, H, W, C], 0 to 255
 * @throws UsageError on what are no such images.
 */
export async function findNearDuplicates(
  images: Uint8Array,
  of: { readonly count: number; readonly shape: Shape },
  options: NearDuplicateOptions = {},
): Promise<NearDuplicates> {
  const owner = "findNearDuplicates";
  checkValue(owner, "images", images, typedArray("Uint8Array"));
  const count = checkValue(owner, "count", of?.count, wholeNumber());
  const shape = checkValue(owner, "shape", of?.shape, shapeKind(["height", "width", "channels"]));
  const { near, mirrored, onProgress } = resolveOptions(owner, options, nearDuplicateOptions);
  const size = shapeSize(shape);
  if (images.length !== count * size) {
    throw new UsageError(
      `${owner}: ${count} images of ${shapeText(shape)} are ${count * size} bytes, but ${images.length} were given.`,
    );
  }
  const pairs = exactPairs(images, count, size);
  const sets = new DisjointSets(count);
  if (near && Math.min(shape[0], shape[1]) >= leastSide) {
    const thumbnails = thumbnailsOf(images, count, shape, detailSide);
    const copies = new Set(pairs.map(({ second }) => second));
    for (const pair of await nearPairs(thumbnails, { copies, mirrored, onProgress, sets })) pairs.push(pair);
    pairs.sort((a, b) => a.first - b.first || a.second - b.second);
  }
  for (const { first, second } of pairs) sets.join(first, second);
  return { groups: sets.numbered(), pairs };
}

/** Each image of the same bytes as an earlier one, with the first such. */
function exactPairs(images: Uint8Array, count: number, size: number): DuplicatePair[] {
  const pairs: DuplicatePair[] = [];
  const firsts = new Map<number, number[]>();
  const bytesOf = (image: number): Uint8Array => images.subarray(image * size, (image + 1) * size);
  for (let image = 0; image < count; image++) {
    const bytes = bytesOf(image);
    const sum = checksum(bytes);
    const known = firsts.get(sum);
    const first = known?.find((other) => bytesOf(other).every((byte, index) => byte === bytes[index]));
    if (first !== undefined) pairs.push({ first, second: image, distance: 0, exact: true, mirrored: false });
    else if (known) known.push(image);
    else firsts.set(sum, [image]);
  }
  return pairs.sort((a, b) => a.first - b.first || a.second - b.second);
}

async function nearPairs(
  thumbnails: Thumbnails,
  {
    copies,
    mirrored,
    onProgress,
    sets,
  }: {
    copies: ReadonlySet<number>;
    mirrored: boolean;
    onProgress: NearDuplicateOptions["onProgress"];
    /** Joined by what is near whatever lies around it. */
    sets: DisjointSets;
  },
): Promise<DuplicatePair[]> {
  const { count } = thumbnails;
  const outlines = outlinesOf(thumbnails);
  for (const copy of copies) outlines.told[copy] = 0;
  const nearest = new NearestDistances(count);
  const found = new Map<number, DuplicatePair>();
  const standsOut = (first: number, second: number, distance: number): boolean =>
    distance <= standingOut * Math.min(nearest.last(first), nearest.last(second));
  const pause = async (done: number): Promise<void> => {
    if (done % stride === 0) await onProgress?.(done, count);
  };
  const onNear = (first: number, second: number, inMirror: boolean): void => {
    const distance = detailDistance(thumbnails, first, second, inMirror);
    nearest.add(first, second, distance);
    nearest.add(second, first, distance);
    const key = first * count + second;
    if (distance > different || distance >= (found.get(key)?.distance ?? Number.POSITIVE_INFINITY)) return;
    if (distance <= alike) {
      const joins = sets.find(first) !== sets.find(second);
      sets.join(first, second);
      if (found.size >= mostPairs && !joins && !found.has(key)) return;
      // What is around only comes nearer: a pair that doesn't stand out now never will.
    } else if (!standsOut(first, second, distance)) return;
    found.set(key, { first, second, distance, exact: false, mirrored: inMirror });
  };
  await nearOutlines(outlines, outlineRadius, { mirrored, onNear, pause });
  await onProgress?.(count, count);
  return Array.from(found.values()).filter(
    ({ first, second, distance }) => distance <= alike || standsOut(first, second, distance),
  );
}

/** The smallest distances of each image from others, each of these counted once: as it is, or in the mirror. */
class NearestDistances {
  readonly #distances: Float32Array;
  readonly #others: Int32Array;

  constructor(count: number) {
    this.#distances = new Float32Array(count * around).fill(1);
    this.#others = new Int32Array(count * around).fill(-1);
  }

  add(image: number, other: number, distance: number): void {
    const [distances, others] = [this.#distances, this.#others];
    const first = image * around;
    const last = first + around - 1;
    if (distance >= distances[last]) return;
    // What makes room: the same one's distance from before, or the greatest.
    const before = others.subarray(first, last + 1).indexOf(other);
    let at = before < 0 ? last : first + before;
    if (distance >= distances[at]) return;
    for (; at > first && distances[at - 1] > distance; at--) {
      distances[at] = distances[at - 1];
      others[at] = others[at - 1];
    }
    distances[at] = distance;
    others[at] = other;
  }

  /** The greatest of them; 1 where fewer images are near at all. */
  last(image: number): number {
    return this.#distances[(image + 1) * around - 1];
  }
}
