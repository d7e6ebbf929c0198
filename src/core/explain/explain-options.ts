import { HeddleError } from "../errors.js";
import {
  choice,
  either,
  listOf,
  type OptionTable,
  type ResolvedOptions,
  text,
  wholeNumber,
} from "../options/index.js";

const explainMethods = ["gradCam", "occlusion"] as const satisfies readonly ExplainMethod[];

/** "gradCam" weighs a convolution's maps; "occlusion" hides parts of the image: slower, and for any model. */
export type ExplainMethod = "gradCam" | "occlusion";

/** What is to be explained of images, and how. */
export interface ExplainOptions {
  /** Default: Grad-CAM where the model has a convolution of more than one pixel, else occlusion. */
  readonly method?: ExplainMethod | undefined;
  /** The class that is to be explained, of all images or of each (default: the one that each is taken for). */
  readonly classIndex?: number | readonly number[] | undefined;
  /** Of Grad-CAM: the layer whose maps are weighed (default: the last convolution, with what follows it in its size). */
  readonly layer?: string | undefined;
}

const index = wholeNumber({ from: 0 });

export const explainOptions = {
  method: {
    meaning: "how it is found out",
    kind: choice(explainMethods),
    otherwise: "gradCam where there is a convolution, else occlusion",
  },
  classIndex: {
    meaning: "the class that is to be explained, of all images or of each",
    kind: either(index, listOf(index)),
    otherwise: "the one that each is taken for",
  },
  layer: { meaning: "whose maps gradCam weighs", kind: text(), otherwise: "the last convolution" },
} satisfies OptionTable<ExplainOptions>;

/** Where in images a model sees what it names. */
export interface HeatMaps {
  /** N. */
  readonly count: number;
  /** Pixels: those of the model's images. */
  readonly height: number;
  readonly width: number;
  /** [N, H, W], 0 … 1: of each image the greatest is 1, or all are 0 where nothing speaks for the class. */
  readonly values: Float32Array;
  /** [N]: the class that each map is of. */
  readonly classIndexes: Uint32Array;
  readonly method: ExplainMethod;
  /** Whose maps Grad-CAM weighed. */
  readonly layer?: string;
}

/** The class of each image, where it is given. @throws HeddleError unless there is a class for each, of those that there are */
export function classIndexesOf(
  { classIndex }: Pick<ResolvedExplainOptions, "classIndex">,
  count: number,
  classes: number,
): readonly number[] | undefined {
  if (classIndex === undefined) return undefined;
  const list = typeof classIndex === "number" ? Array<number>(count).fill(classIndex) : classIndex;
  if (list.length !== count)
    throw new HeddleError(
      `explain: classIndex has ${list.length} classes for ${count} images; give one for each, or one number for all.`,
    );
  const high = list.find((each) => each >= classes);
  if (high === undefined) return list;
  throw new HeddleError(
    `explain: classIndex is ${high}, but the model tells ${classes} classes apart; expected 0 to ${classes - 1}.`,
  );
}

export type ResolvedExplainOptions = ResolvedOptions<typeof explainOptions>;
