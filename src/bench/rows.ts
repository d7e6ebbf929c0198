import { UsageError } from "../core/errors.js";
import { modelNames } from "../core/models/index.js";
import type { CallWorkload } from "./calls.js";
import { createKernelProgram } from "./kernel-program.js";
import { kernelBatch } from "./kernel-row.js";
import { kernelRows } from "./kernel-rows.js";
import type { Workload } from "./measure.js";
import { createNetworkWorkload, type NetworkRow, networkFlops, networkRowName } from "./network-rows.js";
import { networkNames } from "./networks.js";
import { createPredictCalls, type PredictRow } from "./predict-rows.js";

interface RowWork {
  readonly name: string;
  /** Floating-point operations of a turn; undefined where multiply-adds are not what the row tells. */
  readonly flops?: number;
  readonly bytes?: number;
  /** Images of a turn. */
  readonly samples?: number;
}

/** A row whose turns follow one another without a pause. */
export interface SteadyRow extends RowWork {
  create(threads: number): Promise<Workload>;
}

/** A row of calls into the library, each timed by itself. */
export interface CallRow extends RowWork {
  createCalls(threads: number): Promise<CallWorkload>;
}

export type BenchRow = SteadyRow | CallRow;

export function networkRow(row: NetworkRow): SteadyRow {
  return {
    name: networkRowName(row),
    flops: networkFlops(row),
    samples: row.batch,
    create: (threads) => createNetworkWorkload(row, threads),
  };
}

function predictRow(row: PredictRow): CallRow {
  return {
    name: `${row.kind}/${row.model}/${row.images}`,
    samples: row.images,
    createCalls: (threads) => createPredictCalls(row, threads),
  };
}

const standardRows: readonly BenchRow[] = [
  ...modelNames.map((model) => networkRow({ kind: "train", model, batch: 128 })),
  ...modelNames.map((model) => networkRow({ kind: "infer", model, batch: 256 })),
  predictRow({ kind: "predict", model: "proposed", images: 1 }),
  predictRow({ kind: "predict-after-step", model: "proposed", images: 1 }),
  ...kernelRows.map((row) => ({
    name: `kernel/${row.name}`,
    flops: row.flops,
    bytes: row.bytes,
    create: (threads: number) =>
      createKernelProgram(kernelBatch, threads, (planner, memory) => row.plan(planner, memory)),
  })),
];

/**
 * The parts of `<kind>/<model>/<count>`, and what stands behind them; undefined for any other name, or a kind that isn't
 * one of these.
 */
function partsOf<Kind extends string>(name: string, kinds: readonly Kind[]) {
  const [kindName, modelName, digits, ...more] = name.split("/");
  const kind = kinds.find((other) => other === kindName);
  const model = networkNames.find((other) => other === modelName);
  if (!kind || !model || more.length > 1 || !/^[1-9]\d{0,5}$/.test(digits)) return undefined;
  return { kind, model, count: Number(digits), more: more[0] };
}

function parseNetworkRow(name: string): NetworkRow | undefined {
  const parts = partsOf(name, ["train", "infer"]);
  if (!parts) return undefined;
  const { kind, model, count: batch, more } = parts;
  if (more === undefined) return { kind, model, batch };
  if (!/^([1-9]\d{0,3}x){2}[13]$/.test(more)) return undefined;
  const [height, width, channels] = more.split("x").map(Number);
  return { kind, model, batch, inputShape: [height, width, channels] };
}

/** A network or a prediction with any number of images. */
function parseRow(name: string): BenchRow | undefined {
  const network = parseNetworkRow(name);
  if (network) return networkRow(network);
  const parts = partsOf(name, ["predict", "predict-after-step"]);
  if (!parts || parts.more !== undefined) return undefined;
  return predictRow({ kind: parts.kind, model: parts.model, images: parts.count });
}

/** The network that a name stands for. @throws UsageError for any other row */
export function networkRowNamed(name: string): NetworkRow {
  const found = parseNetworkRow(name);
  if (found) return found;
  throw new UsageError(
    `A profile is of train/<model>/<batch> or infer/<model>/<batch>, where it is asked for /<height>x<width>x<channels> behind it, with a model of ${networkNames.join(", ")}; ` +
      `received "${name}".`,
  );
}

/**
 * The rows that names ask for: a row's name, the beginning of one, or a network or a prediction with another number of
 * images; every standard row where there is no name.
 *
 * @throws UsageError on a name that stands for none
 */
export function benchRows(names: readonly string[]): readonly BenchRow[] {
  if (names.length === 0) return standardRows;
  return names.flatMap((name) => {
    const known = standardRows.filter(
      (row) => row.name === name || row.name.startsWith(name.replace(/\/?$/, "/")),
    );
    if (known.length > 0) return known;
    const found = parseRow(name);
    if (found) return [found];
    throw new UsageError(
      `There is no benchmark "${name}". Use train/<model>/<batch>, infer/<model>/<batch> (both of images of another ` +
        "shape with /<height>x<width>x<channels> behind it), predict/<model>/<images> " +
        `or predict-after-step/<model>/<images> with a model of ${networkNames.join(", ")}, kernel/…, or the ` +
        "beginning of such a name.",
    );
  });
}
