import { UsageError } from "../errors.js";
import {
  functionKind,
  type Optional,
  type OptionTable,
  resolveOptions,
  text,
  wholeNumber,
} from "../options/index.js";
import type { Labels } from "./dataset.js";
import type { ImageStream } from "./image-stream.js";
import { labelsKind } from "./labels.js";
import { targetsKind } from "./targets.js";

/** Images that needn't be in memory: read from a disk as they are wanted, or made up. */
interface SourceOfImages {
  /**
   * The images of these indices, in this order: an async generator, say. It is called for each pass over images: an
   * epoch's, in an order of its own; a validation's; and one over the training images where they are measured for the
   * normalization.
   *
   * A piece is copied when it comes, and its memory may serve again for the next. Two batches are gathered at most
   * before they are used. When a pass ends early the iterator's `return` is called, which ends a generator by its
   * `finally`.
   */
  images(order: Uint32Array): ImageStream;
  /**
   * Whatever changes when the images do: a version, a digest. Checkpoints keep it, to tell whether a training goes on
   * with the images that it began with; without it they compare labels alone.
   */
  readonly fingerprint?: string | undefined;
}

/** Those of which each has a class. */
export interface ImageSource extends SourceOfImages {
  /** One an image. */
  readonly labels: Labels;
  /** Not beside labels. */
  readonly targets?: undefined;
}

/** Those of which each has targets: see `ImagesWithTargets`. */
export interface ImageSourceWithTargets extends SourceOfImages {
  /** [N, classes]. */
  readonly targets: Float32Array;
  /** Not beside targets. */
  readonly labels?: undefined;
}

/** What `imageSource` takes, beside labels or targets. */
interface SourceOptions {
  /** The bytes of an image, [H, W, C], or a promise of them, which then must be memory of their own. */
  readonly read: (index: number) => Uint8Array | Uint8ClampedArray | Promise<Uint8Array | Uint8ClampedArray>;
  /** Images that are being read at once, where `read` gives promises (default 8). */
  readonly ahead?: number | undefined;
  /** See `ImageSource`. */
  readonly fingerprint?: string | undefined;
}

/** What `imageSource` takes where each image has a class. */
export interface ImageSourceOptions extends SourceOptions {
  /** One an image. */
  readonly labels: Labels;
  /** Not beside labels. */
  readonly targets?: undefined;
}

/** What `imageSource` takes where each image has targets. */
export interface ImageSourceWithTargetsOptions extends SourceOptions {
  /** [N, classes]. */
  readonly targets: Float32Array;
  /** Not beside targets. */
  readonly labels?: undefined;
}

type AnswersOptions = Optional<Pick<ImageSource, "labels"> & Pick<ImageSourceWithTargets, "targets">>;

export const fingerprintKind = text();

const sourceOptions = {
  labels: { meaning: "one an image", kind: labelsKind, otherwise: "targets say it" },
  targets: {
    meaning: "what a model should give for each image, a row of numbers from 0 to 1",
    kind: targetsKind,
    otherwise: "labels say it",
  },
  read: {
    meaning: "gives the bytes of an image, or a promise of them",
    kind: functionKind<ImageSourceOptions["read"]>("a function of an image's index"),
  },
  ahead: { meaning: "images that are being read at once", kind: wholeNumber({ from: 1 }), default: 8 },
  fingerprint: {
    meaning: "whatever changes when the images do",
    kind: fingerprintKind,
    otherwise: "labels alone are compared",
  },
} satisfies OptionTable<SourceOptions & AnswersOptions>;

/**
 * The same of images that have `targets` in place of labels: soft ones, or several labels.
 *
 * @throws UsageError as for labels
 */
export function imageSource(options: ImageSourceWithTargetsOptions): ImageSourceWithTargets;
/**
 * A source of images that can be read one by one, in any order, such as files:
 * `imageSource({ labels, read: (index) => readFile(paths[index]).then(decode) })`. Where `read` gives promises, the
 * next images are read ahead.
 *
 * @throws UsageError on an unknown option or a value that is not allowed, and unless there are labels or targets
 */
export function imageSource(options: ImageSourceOptions): ImageSource;
export function imageSource(
  options: ImageSourceOptions | ImageSourceWithTargetsOptions,
): ImageSource | ImageSourceWithTargets {
  const { labels, targets, read, ahead, fingerprint } = resolveOptions("imageSource", options, sourceOptions);
  if ((labels === undefined) === (targets === undefined)) {
    throw new UsageError(
      `imageSource got ${labels ? "both labels and targets" : "neither labels nor targets"}; give labels, one an image, or targets, a row of numbers an image.`,
    );
  }
  return {
    ...(targets ? { targets } : { labels: labels! }),
    images: (order) => readAhead(order, read, ahead),
    ...(fingerprint !== undefined && { fingerprint }),
  };
}

async function* readAhead(
  order: Uint32Array,
  read: ImageSourceOptions["read"],
  ahead: number,
): AsyncGenerator<Uint8Array | Uint8ClampedArray> {
  const reading: ReturnType<typeof read>[] = [];
  let next = 0;
  // What is there at once may lie in memory that the next one is read into.
  const mayReadOn = (): boolean => reading.length === 0 || reading[reading.length - 1] instanceof Promise;
  for (let given = 0; given < order.length; given++) {
    while (next < order.length && reading.length < ahead && mayReadOn()) {
      const image = read(order[next++]);
      // Its turn to be heard comes, unless nobody waits any more.
      if (image instanceof Promise) image.catch(() => undefined);
      reading.push(image);
    }
    yield await reading.shift()!;
  }
}
