import type { ModelContents } from "../../core/formats/model-file.js";
import type { NamedTensor } from "../../core/named-tensor.js";

/** A tensor of two models whose numbers are others. */
export interface TensorChange {
  readonly tensor: string;
  /** How many numbers are others by their bits, of how many. */
  readonly count: number;
  readonly of: number;
  /** The largest difference of two of them; null where one is not a number. */
  readonly largest: number | null;
  /** The root of the mean square of all differences; null as there. */
  readonly rootMeanSquare: number | null;
}

/** How two models' weights differ. */
export interface WeightsChange {
  /** After which epoch of each run they were these. */
  readonly epochs: readonly [number, number];
  /** Tensors that both have in the same shape. */
  readonly compared: number;
  /** Of them, those that differ, in the first model's order. */
  readonly tensors: readonly TensorChange[];
  /** Names of tensors that the other hasn't, or has in another shape. */
  readonly only: readonly [readonly string[], readonly string[]];
}

export function compareTensors(
  first: { readonly epoch: number; readonly model: ModelContents },
  second: { readonly epoch: number; readonly model: ModelContents },
): WeightsChange {
  const models = [tensorsOf(first.model), tensorsOf(second.model)] as const;
  const [ours, theirs] = models.map((tensors) => new Map(tensors.map((tensor) => [tensor.name, tensor])));
  const isIn = (others: ReadonlyMap<string, NamedTensor>) => (tensor: NamedTensor) =>
    others.get(tensor.name)?.shape.join() === tensor.shape.join();
  const common = models[0].filter(isIn(theirs));
  return {
    epochs: [first.epoch, second.epoch],
    compared: common.length,
    tensors: common.flatMap((tensor) => tensorChange(tensor, theirs.get(tensor.name)!)),
    only: [
      models[0].filter((tensor) => !isIn(theirs)(tensor)).map(({ name }) => name),
      models[1].filter((tensor) => !isIn(ours)(tensor)).map(({ name }) => name),
    ],
  };
}

/** How pixels enter decides as much as any weight. */
const tensorsOf = ({ tensors, normalization }: ModelContents): readonly NamedTensor[] => [
  ...(["mean", "deviation"] as const).map((name) => ({
    name: `normalization.${name}`,
    shape: [normalization[name].length],
    data: Float32Array.from(normalization[name]),
  })),
  ...tensors,
];

function tensorChange({ name, data }: NamedTensor, other: NamedTensor): readonly TensorChange[] {
  const [its, ours] = [data, other.data].map(
    ({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length),
  );
  let count = 0;
  let largest = 0;
  let squares = 0;
  for (let place = 0; place < data.length; place++) {
    if (its[place] === ours[place]) continue;
    count++;
    const difference = Math.abs(data[place] - other.data[place]);
    largest = Math.max(largest, difference);
    squares += difference * difference;
  }
  if (count === 0) return [];
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const rootMeanSquare = finite(Math.sqrt(squares / data.length));
  return [{ tensor: name, count, of: data.length, largest: finite(largest), rootMeanSquare }];
}
