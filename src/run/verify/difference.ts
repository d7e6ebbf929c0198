import type { ModelContents } from "../../core/formats/model-file.js";
import type { NamedTensor } from "../../core/named-tensor.js";

/** Two values that should be one. */
export interface RecordedAndHere<Value> {
  readonly recorded: Value;
  readonly here: Value;
}

/** The first number of a tensor that is another. */
export interface TensorDifference extends RecordedAndHere<number> {
  /** `C1.kernel`; `normalization.mean` and `normalization.deviation` of how pixels enter. */
  readonly tensor: string;
  /** Where in it: a number an axis. */
  readonly index: readonly number[];
  /** How many of its numbers are others, of how many. */
  readonly count: number;
  readonly of: number;
}

/** A figure of an epoch that is held against its record. */
export type FigureName =
  | "trainLoss"
  | "trainAccuracy"
  | "validationLoss"
  | "validationAccuracy"
  | "learningRate";

/** A figure of an epoch that is another. */
export interface FigureDifference extends RecordedAndHere<number> {
  readonly figure: FigureName;
}

/** Where a run that was repeated first came to something else than is recorded. */
export type FirstDifference =
  /** Before anything was trained: the images or labels are others. */
  | (RecordedAndHere<string | number | null> & {
      readonly at: "data";
      readonly part: "train" | "validation" | "test";
      readonly what: "count" | "images" | "labels" | "groups";
    })
  /** After an epoch, in its figures or its weights, or both. */
  | {
      readonly at: "epoch";
      readonly epoch: number;
      /** SHA-256 of the model file after it, where the recorded one is known and another. */
      readonly digests?: RecordedAndHere<string>;
      /** Where the weights after this epoch were kept. */
      readonly tensor?: TensorDifference;
      readonly figures: readonly FigureDifference[];
    }
  /** Training came to its end after another epoch. */
  | { readonly at: "end"; readonly epoch: number; readonly reason: string }
  /** In weights that were kept, though the epoch's own agree as far as they are known. */
  | {
      readonly at: "weights";
      readonly weights: "best" | "last";
      readonly epoch: number;
      readonly digests?: RecordedAndHere<string>;
      readonly tensor?: TensorDifference;
    }
  /** In what the best weights' calibration found. */
  | (RecordedAndHere<string> & { readonly at: "calibration" })
  /** In what the best weights say of the test images. */
  | (RecordedAndHere<string | number> & {
      readonly at: "predictions";
      readonly what: "probabilities" | "accuracy" | "loss";
    });

/** The first number that differs, by its bits; undefined where none does. */
export function tensorDifference(recorded: NamedTensor, here: NamedTensor): TensorDifference | undefined {
  const [its, ours] = [bitsOf(recorded.data), bitsOf(here.data)];
  let first = -1;
  let count = 0;
  for (let place = 0; place < its.length; place++) {
    if (its[place] === ours[place]) continue;
    if (first === -1) first = place;
    count++;
  }
  if (first === -1) return undefined;
  return {
    tensor: recorded.name,
    index: indexOf(first, recorded.shape),
    recorded: recorded.data[first],
    here: here.data[first],
    count,
    of: its.length,
  };
}

const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

/** Of a place in row-major order. */
function indexOf(place: number, shape: readonly number[]): number[] {
  let rest = place;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}

/**
 * The first tensor, in the model's order, in which two models of the same layers differ, how pixels enter before all of
 * them; undefined where they agree.
 */
export function modelDifference(recorded: ModelContents, here: ModelContents): TensorDifference | undefined {
  const ours = new Map(here.tensors.map((tensor) => [tensor.name, tensor]));
  const normalization = (["mean", "deviation"] as const).map((name) =>
    numbersDifference(`normalization.${name}`, recorded.normalization[name], here.normalization[name]),
  );
  const tensors = recorded.tensors.map((tensor) => {
    const other = ours.get(tensor.name);
    return other?.data.length === tensor.data.length ? tensorDifference(tensor, other) : undefined;
  });
  return [...normalization, ...tensors].find((each) => each !== undefined);
}

function numbersDifference(
  tensor: string,
  recorded: readonly number[],
  here: readonly number[],
): TensorDifference | undefined {
  const first = recorded.findIndex((value, index) => !Object.is(value, here[index]));
  if (first === -1) return undefined;
  const count = recorded.filter((value, index) => !Object.is(value, here[index])).length;
  const of = recorded.length;
  return { tensor, index: [first], recorded: recorded[first], here: here[first], count, of };
}
