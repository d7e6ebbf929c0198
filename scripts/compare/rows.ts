import { time, warmUp } from "#heddle/bench/measure.js";
import type { SteadyRow } from "#heddle/bench/rows.js";
import type * as Heddle from "#heddle/node/index.js";
import { isPaperModel, type PaperModel } from "#heddle/reproduction/paper/paper.js";
import type { Build } from "./build.js";

/** Work of one build, to be timed beside the same work of another. */
export interface Work {
  /** Milliseconds of one turn. */
  turn(): Promise<number>;
  close(): Promise<void>;
}

/** The same work in any build. */
export interface ComparedRow {
  readonly name: string;
  open(build: Build, threads: number): Promise<Work>;
}

const inputShape = [28, 28, 1];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const modelOf = ({ library }: Build, name: PaperModel, threads: number): Heddle.Model =>
  library
    .sequential(library.modelDefinitions[name].layers(inputShape, 10), { inputShape })
    .compile({ threads });

/** Steps of `fit` at batch 128 on Fashion-MNIST. */
const fitRow = (name: PaperModel, dataset: Heddle.DatasetInMemory): ComparedRow => ({
  name: `call/fit/${name}/128`,
  open: async (build, threads) => {
    const model = modelOf(build, name, threads);
    const events = model.fitEvents(dataset, { epochs: 1000, batchSize: 128, validationShare: 0 });
    const step = async (): Promise<void> => {
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error("The training ended before all pairs were measured.");
        if (value.event === "step") return;
      }
    };
    return {
      turn: () => timed(step),
      close: async () => {
        await events.return(undefined);
        await model.dispose();
      },
    };
  },
});

/** `predict` of 256 images. */
const predictRow = (name: PaperModel, dataset: Heddle.DatasetInMemory): ComparedRow => ({
  name: `call/predict/${name}/256`,
  open: async (build, threads) => {
    const model = modelOf(build, name, threads);
    const images = dataset.test.images.subarray(0, 256 * 784);
    return { turn: () => timed(() => model.predict(images)), close: () => model.dispose() };
  },
});

/** A row of `heddle bench`; its turn is as many of the row's as take some sixty milliseconds. */
const benchRow = (name: string): ComparedRow => ({
  name,
  open: async (build, threads) => {
    const [row] = steadyRows(build, [name]);
    const workload = await row.create(threads);
    const turns = await warmUp(workload);
    return { turn: () => time(workload, turns), close: () => workload.close() };
  },
});

/** Of the rows that names ask for those whose turns follow one another: what is timed call by call `call` has. */
const steadyRows = ({ benchRows }: Pick<Build, "benchRows">, names: readonly string[]) =>
  benchRows(names).filter((row): row is SteadyRow => "create" in row);

/**
 * The rows that names ask for: `heddle bench`'s that both builds have, and `call`: the public `fit` and `predict` of
 * each of the paper's models on a data set.
 *
 * @throws Error that names what asks for no row
 */
export function comparedRows(
  names: readonly string[],
  dataset: Heddle.DatasetInMemory,
  { before, after }: Readonly<Record<"before" | "after", Build>>,
): readonly ComparedRow[] {
  const calls = after.library.modelNames
    .filter(isPaperModel)
    .flatMap((name) => [fitRow(name, dataset), predictRow(name, dataset)]);
  const asked = names.flatMap((name) => {
    const rows =
      name.split("/")[0] === "call"
        ? calls.filter(({ name: own }) => own === name || own.startsWith(`${name}/`))
        : inBoth(name, before, after).map(benchRow);
    if (rows.length > 0) return rows;
    throw new Error(
      `Both builds have no row "${name}" that could be timed beside the other's; rows are ${calls.map((row) => row.name).join(", ")}, train/…, infer/…, kernel/…, or the beginning of one.`,
    );
  });
  // Names may overlap.
  return [...new Map(asked.map((row) => [row.name, row])).values()];
}

/** Names of rows that both builds have. */
function inBoth(name: string, before: Build, after: Build): readonly string[] {
  const known = new Set(steadyRows(before, [name]).map((row) => row.name));
  return steadyRows(after, [name])
    .map((row) => row.name)
    .filter((own) => known.has(own));
}
