import { HeddleError, UsageError } from "../../errors.js";
import type { ArenaMemory } from "../threads/memory.js";
import type { Team } from "../threads/team.js";
import { type NetworkPlan, threadsFor } from "./plan.js";
import { buildProgram, type Program } from "./program.js";

/** A program, and its number in the team. */
export interface Loaded {
  readonly program: Program;
  readonly id: number;
}

/** Batch sizes below the full one that inference has programs for. */
const smallBatches = [1, 8, 32];

/** Tables of programs for which the plan has no room get so much more at once. */
const moreTableBytes = 256 * 1024;

/**
 * The programs of a network: the full training step and the full inference step at once, steps of other sizes when
 * they are first wanted. All use the same workspace in turn; tables are each one's own.
 */
export class Programs {
  readonly #trainers = new Map<number, Loaded>();
  readonly #predictors = new Map<number, Loaded>();
  #tables: NetworkPlan["tables"];
  /** Where tables that came later put an end to the workspace. */
  #wall = Number.POSITIVE_INFINITY;

  constructor(
    readonly plan: NetworkPlan,
    readonly memory: ArenaMemory,
    readonly team: Team,
  ) {
    this.#tables = plan.tables;
    const { trainer, predictor } = plan;
    if (trainer) this.#trainers.set(trainer.batch, this.#load(trainer));
    if (predictor) this.#predictors.set(predictor.batch, this.#load(predictor));
  }

  /** Images of the largest inference step. */
  get inferenceBatch(): number {
    const { predictor } = this.plan;
    if (predictor) return predictor.batch;
    throw new UsageError("This network was made without inference: give it an inferenceBatchSize.");
  }

  /** The program for a step of so many images. @throws HeddleError where there is no memory for it */
  trainer(batch: number): Loaded {
    const known = this.#trainers.get(batch);
    if (known) return known;
    const program = this.#build(batch, true);
    if (!program)
      throw new HeddleError(`No room is left for steps of ${batch} images; use fewer different batch sizes.`);
    const loaded = this.#load(program);
    this.#trainers.set(batch, loaded);
    return loaded;
  }

  /**
   * The program that so many images are begun with: the smallest that takes them all where they fill more than half
   * of it, else the largest that they fill.
   */
  predictor(count: number): Loaded {
    const full = this.inferenceBatch;
    const sizes = [...smallBatches.filter((size) => size < full), full];
    const enough = sizes.find((size) => size >= count) ?? full;
    const filled = sizes.filter((size) => size <= count).at(-1) ?? sizes[0];
    const batch = count > enough / 2 ? enough : filled;
    const known = this.#predictors.get(batch);
    if (known) return known;
    const program = this.#build(batch, false);
    // The full one takes fewer too.
    const loaded = program ? this.#load(program) : this.#predictors.get(full)!;
    this.#predictors.set(batch, loaded);
    return loaded;
  }

  full(kind: "train" | "infer"): Loaded | undefined {
    const { trainer, predictor } = this.plan;
    return kind === "train"
      ? trainer && this.#trainers.get(trainer.batch)
      : predictor && this.#predictors.get(predictor.batch);
  }

  #load(program: Program): Loaded {
    for (const { address, values } of program.tables) this.memory.words.set(values, address / 4);
    return { program, id: this.team.load(program.bytes, program.threads === 1) };
  }

  /** Plans and emits one more program; nothing where the memory for it is not to be had. */
  #build(batch: number, training: boolean): Program | undefined {
    const { base } = this.plan;
    const threads = threadsFor(this.plan, batch, training);
    const at = (tables: number, workspace: number): Program =>
      buildProgram({ ...base, threads, batch, training, places: { ...base.places, tables, workspace } });
    let tables = this.#tables;
    let wall = this.#wall;
    let program = at(tables.next, base.places.workspace);
    const beyond = program.workspaceEnd > wall;
    if (beyond || program.tablesEnd > tables.end) {
      // Behind all that is there, tables first: they are as long anywhere.
      const next = Math.ceil(this.memory.size / 64) * 64;
      const end = next + (program.tablesEnd - tables.next) + moreTableBytes;
      tables = { next, end };
      program = at(next, beyond ? end : base.places.workspace);
      wall = Math.min(wall, next);
    }
    // Where that is refused the next program may still find room in what there is.
    if (!this.memory.grow(Math.max(tables.end, program.workspaceEnd))) return undefined;
    this.#wall = wall;
    this.#tables = { ...tables, next: program.tablesEnd };
    return program;
  }
}
