import { HeddleError } from "../../errors.js";
import type { Shape, TensorSpec } from "../../layers/layer.js";
import { shapeSize } from "../../layers/shape.js";
import type { NamedTensor } from "../../named-tensor.js";

/** How one tensor lies in the arena's flat parameter vector, in the order the kernels want. */
export interface PackedParameter {
  readonly name: string;
  readonly shape: Shape;
  /** Numbers from the start of the parameter vector; known when all tensors are. */
  readonly offset: number;
  readonly length: number;
  /** Whether no optimizer moves it. Kept tensors lie behind the trained ones. */
  readonly kept: boolean;
  /** Whether a step of training moves it: it is trained, or a running statistic. What stays lies behind all others. */
  readonly moves: boolean;
  /** Padded sizes of what lies as [columns / 8][rows][8]; a vector has none. */
  readonly matrix?: { readonly rows: number; readonly columns: number };
  /** Where the tensor's numbers lie, from `offset`. */
  readonly places: Places;
}

/** Number [row, column] of a tensor, its last axis being the columns, lies at `row(row) + columns[column]`. */
interface Places {
  readonly row: (row: number) => number;
  readonly columns: readonly number[];
}

/** One of `count` parts of equal length that a tensor lies in: a kernel's is a matrix of its own. */
export function partOf(
  parameter: PackedParameter,
  index: number,
  count: number,
  matrix?: PackedParameter["matrix"],
): PackedParameter {
  const length = parameter.length / count;
  return {
    ...parameter,
    get offset() {
      return parameter.offset + index * length;
    },
    length,
    matrix,
  };
}

/** Of a tensor's description what a store needs. */
export type StoredTensor = Pick<TensorSpec, "name" | "shape" | "kept" | "running">;

/** Columns that stand apart in memory: each gate of an LSTM or a GRU begins at a multiple of four. */
export type ColumnPlace = (column: number) => number;

/** What training does to a tensor: an optimizer moves it, or a step does beside the optimizer, or nothing. */
type Part = "trained" | "running" | "still";

const partOfSpec = ({ kept, running }: Pick<TensorSpec, "kept" | "running">): Part =>
  !kept ? "trained" : running ? "running" : "still";

/**
 * The flat vector of all of a model's numbers: the trained ones first, to which gradients and optimizer state are laid
 * out alike; then running statistics, to the end of which an average of the weights is; then what stays as it is.
 */
export class ParameterStore {
  readonly packed: PackedParameter[] = [];
  readonly #lengths: Record<Part, number> = { trained: 0, running: 0, still: 0 };

  /** Numbers in the vector, padding included. */
  get length(): number {
    return this.movingLength + this.#lengths.still;
  }

  /** Numbers of its first two parts, which a step of training moves. */
  get movingLength(): number {
    return this.#lengths.trained + this.#lengths.running;
  }

  /** Numbers of its first part, which an optimizer moves. */
  get trainedLength(): number {
    return this.#lengths.trained;
  }

  get trained(): readonly PackedParameter[] {
    return this.packed.filter(({ kept }) => !kept);
  }

  get moving(): readonly PackedParameter[] {
    return this.packed.filter(({ moves }) => moves);
  }

  /**
   * A matrix [rows, columns] in blocks of eight columns, [columns / 8][rows][8]; `rowPlace` and `columnPlace`
   * say where logical rows and columns stand among the padded ones.
   */
  addMatrix(
    spec: StoredTensor,
    layout: { rows: number; columns: number; rowPlace: (row: number) => number; columnPlace: ColumnPlace },
  ): PackedParameter {
    const columns = spec.shape[spec.shape.length - 1];
    const { rows, rowPlace, columnPlace } = layout;
    const length = Math.ceil(layout.columns / 8) * 8 * rows;
    const places = {
      row: (row: number) => rowPlace(row) * 8,
      columns: Array.from({ length: columns }, (_, logical) => {
        const column = columnPlace(logical);
        return Math.floor(column / 8) * rows * 8 + (column % 8);
      }),
    };
    return this.#add(spec, length, places, { rows, columns: layout.columns });
  }

  addVector(spec: StoredTensor, columns: number, columnPlace: ColumnPlace): PackedParameter {
    const places = {
      row: () => 0,
      columns: Array.from({ length: shapeSize(spec.shape) }, (_, column) => columnPlace(column)),
    };
    return this.#add(spec, Math.ceil(columns / 8) * 8, places);
  }

  #add(
    spec: StoredTensor,
    length: number,
    places: Places,
    matrix?: PackedParameter["matrix"],
  ): PackedParameter {
    // Whole cache lines, so that no two tensors share one.
    const rounded = Math.ceil(length / 16) * 16;
    const part = partOfSpec(spec);
    const lengths = this.#lengths;
    const before = lengths[part];
    const { name, shape } = spec;
    const parameter: PackedParameter = {
      name,
      shape,
      get offset() {
        const first = { trained: 0, running: lengths.trained, still: lengths.trained + lengths.running };
        return first[part] + before;
      },
      length: rounded,
      kept: part !== "trained",
      moves: part !== "still",
      matrix,
      places,
    };
    lengths[part] += rounded;
    this.packed.push(parameter);
    return parameter;
  }

  /**
   * Copies tensors into a flat vector of all, or of the `trained` ones.
   * @throws HeddleError unless names, shapes and lengths are those here.
   */
  write(
    vector: Float32Array,
    tensors: readonly NamedTensor[],
    what: string,
    packed: readonly PackedParameter[] = this.packed,
  ): void {
    const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    for (const { name, shape } of packed) {
      const tensor = given.get(name);
      if (!tensor)
        throw new HeddleError(
          `The ${what} lack "${name}"; they hold ${tensors.map((other) => other.name).join(", ") || "nothing"}. ` +
            "They belong to another model: use the ones saved with this one.",
        );
      if (tensor.shape.join() !== shape.join())
        throw new HeddleError(
          `The ${what} hold "${name}" as [${tensor.shape.join(", ")}], this model wants [${shape.join(", ")}]. ` +
            "They belong to another model: use the ones saved with this one.",
        );
      const expected = shapeSize(shape);
      if (tensor.data.length !== expected)
        throw new HeddleError(
          `The ${what} hold ${tensor.data.length} values of "${name}", whose shape [${shape.join(", ")}] has ${expected}. ` +
            "They are damaged: read them again from where they were saved.",
        );
      given.delete(name);
    }
    if (given.size > 0)
      throw new HeddleError(
        `The ${what} hold "${[...given.keys()].join('", "')}", which this model does not have. ` +
          "They belong to another model: use the ones saved with this one.",
      );
    const byName = new Map(tensors.map((tensor) => [tensor.name, tensor.data]));
    for (const { name, offset, places } of packed) {
      const data = byName.get(name)!;
      const { columns } = places;
      for (let row = 0, at = 0; at < data.length; row++) {
        const start = offset + places.row(row);
        for (let column = 0; column < columns.length; column++) vector[start + columns[column]] = data[at++];
      }
    }
  }

  /** Copies of tensors out of a flat vector; of those in `into`, by name, the data are written over. */
  read(
    vector: Float32Array,
    prefix = "",
    packed: readonly PackedParameter[] = this.packed,
    into: readonly NamedTensor[] = [],
  ): NamedTensor[] {
    const there = new Map(into.map((tensor) => [tensor.name, tensor.data]));
    return packed.map(({ name: bare, shape, offset, places }) => {
      const name = prefix + bare;
      const data = there.get(name) ?? new Float32Array(shapeSize(shape));
      const { columns } = places;
      for (let row = 0, at = 0; at < data.length; row++) {
        const start = offset + places.row(row);
        for (let column = 0; column < columns.length; column++) data[at++] = vector[start + columns[column]];
      }
      return { name, shape, data };
    });
  }
}
