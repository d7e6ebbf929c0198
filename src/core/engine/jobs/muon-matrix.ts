import {
  emitSymmetricProduct,
  panelRows,
  type SymmetricShape,
  symmetricScratch,
} from "../../kernels/cross-product.js";
import {
  blockBytes,
  emitMuonMomentum,
  emitMuonProduct,
  emitNormalize,
  type MuonFinish,
  muonProductScratch,
  transposedBlockBytes,
} from "../../kernels/muon.js";
import { newtonSchulzCoefficients } from "../../optimizers/muon.js";
import type { MatrixShape } from "../../optimizers/muon-matrices.js";
import type { MuonConfig } from "../../optimizers/optimizer.js";
import { type FunctionBuilder, type I32, i32, type Local } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import type { Job } from "../plan/step-schedule.js";
import type { UpdateRule } from "../plan/update-rules.js";
import { taskBytes } from "./byte-tasks.js";
import { taskWork } from "./product-jobs.js";

/** A matrix that Muon moves: its buffers, and jobs over them whose tasks write apart from each other. */
export class MuonMatrix {
  readonly #planner: Planner;
  readonly #config: MuonConfig;
  readonly #numbers: UpdateRule["numbers"];
  readonly #offset: number;
  /** Padded. */
  readonly #sizes: { readonly rows: number; readonly columns: number };
  readonly #tall: boolean;
  /** The smaller size, and the same in whole squares. */
  readonly #short: number;
  readonly #side: number;
  readonly #factor: number;
  /** X, where another went or will go, and a transposed copy. */
  #ahead: number;
  #spare: number | undefined;
  readonly #transposed: number;
  readonly #scale: number;
  /** Whether X is still to be multiplied by the number at #scale. */
  #unscaled = true;
  /** Small square matrices: A, a product on the way to it, a step's polynomial Q, and P twice. */
  readonly gram: number;
  readonly half: number;
  readonly step: number;
  readonly powers: readonly [number, number];

  constructor(planner: Planner, rule: UpdateRule, parameter: PackedParameter, shape: MatrixShape) {
    const sizes = parameter.matrix!;
    const { rows, columns } = sizes;
    const { workspace, schedule } = planner;
    this.#planner = planner;
    this.#config = rule.config as MuonConfig;
    this.#numbers = rule.numbers;
    this.#offset = parameter.offset * 4;
    this.#sizes = sizes;
    this.#tall = rows >= columns;
    this.#short = Math.min(rows, columns);
    this.#side = Math.ceil(this.#short / 8) * 8;
    this.#factor = Math.sqrt(Math.max(1, shape.columns / shape.rows));
    const square = () => workspace.allocate(this.#side * this.#side * 4);
    this.#ahead = this.#allocateWhole();
    this.#transposed = workspace.allocate(Math.ceil(rows / 8) * transposedBlockBytes(sizes));
    this.#scale = workspace.allocate(4);
    this.gram = square();
    this.half = square();
    this.step = square();
    this.powers = [square(), square()];
    schedule.reserveScratch(Math.max(symmetricScratch({ side: this.#side }), muonProductScratch));
  }

  /** v and X = u from the gradient, and Xᵀ. */
  momentum(velocity: number): Job {
    return this.#byBlocks(velocity, this.#config);
  }

  transpose(): Job {
    return this.#byBlocks(0, undefined);
  }

  /** XᵀX, or XXᵀ where that is smaller. */
  gramProduct(out: number): Job {
    const { rows, columns } = this.#sizes;
    const [from, block, steps] = this.#tall
      ? [this.#ahead, blockBytes(this.#sizes), rows]
      : [this.#transposed, transposedBlockBytes(this.#sizes), columns];
    return this.#symmetric({ leftBlock: block, rightBlock: block, steps }, from, from, out);
  }

  /** The Gram matrix of X / (‖X‖ + ε) from that of X. */
  normalize(from: number, out: number): Job {
    const run = emitNormalize(this.#planner.emitter, this.#side);
    return this.#shares(this.#side * this.#side * 4, taskBytes, (f, first, end) => {
      f.call(run, { gram: from, out, scale: this.#scale, from: first, end });
    });
  }

  /** aI + bA + cA². */
  polynomial(gram: number, out: number): Job {
    return this.#symmetric({ ...this.#small, polynomial: newtonSchulzCoefficients }, gram, gram, out);
  }

  /** The product of two polynomials in one symmetric matrix: they commute, so it is symmetric too. */
  product(left: number, right: number, out: number): Job {
    return this.#symmetric(this.#small, left, right, out);
  }

  /** X·P onto the weights. */
  update(power: number): Job {
    const { weightDecay } = this.#config;
    const numbers = this.#numbers;
    const weights = this.#planner.parameters + this.#offset;
    return this.#whole(power, weights, { kind: "update", numbers, weightDecay, factor: this.#factor });
  }

  /** X ← X·P. */
  replace(power: number): Job {
    const next = this.#spare ?? this.#allocateWhole();
    const job = this.#whole(power, next, { kind: "store" });
    [this.#ahead, this.#spare] = [next, this.#ahead];
    this.#unscaled = false;
    return job;
  }

  #allocateWhole(): number {
    const blocks = Math.ceil(this.#sizes.columns / 8);
    return this.#planner.workspace.allocate(blocks * blockBytes(this.#sizes));
  }

  get #small(): Pick<SymmetricShape, "leftBlock" | "rightBlock" | "steps"> {
    return { leftBlock: this.#side * 32, rightBlock: this.#side * 32, steps: this.#short };
  }

  #symmetric(shape: Omit<SymmetricShape, "side">, left: number, right: number, out: number): Job {
    const side = this.#side;
    const run = emitSymmetricProduct(this.#planner.emitter, { ...shape, side });
    const blocks = side / 8;
    const atOnce = clamp(Math.round(taskWork / (side * 4 * shape.steps)), blocks);
    return {
      name: "muon",
      tasks: Math.ceil(blocks / atOnce),
      run: this.#planner.emitter.module.function(["task", "scratch"], (f, { task, scratch }) => {
        // The last blocks have most to do, so they come first.
        const end = f.let(i32.sub(blocks, i32.mul(task, atOnce)));
        const first = i32.select(i32.ltU(end, atOnce), 0, i32.sub(end, atOnce));
        f.call(run, { left, right, out, addend: left, firstBlock: first, endBlock: end, scratch });
      }),
    };
  }

  #whole(power: number, out: number, finish: MuonFinish): Job {
    const { rows, columns } = this.#sizes;
    const square = this.#side * 32;
    const product = this.#tall
      ? { rows, leftBlock: transposedBlockBytes(this.#sizes), rightBlock: square, steps: columns }
      : { rows, leftBlock: square, rightBlock: blockBytes(this.#sizes), steps: rows };
    const [left, right] = this.#tall ? [this.#transposed, power] : [power, this.#ahead];
    const scale = this.#unscaled ? this.#scale : undefined;
    const run = emitMuonProduct(this.#planner.emitter, this.#sizes, product, scale, finish);
    const panels = Math.ceil(rows / panelRows);
    const panelWork = panelRows * columns * product.steps;
    return this.#shares(panels, clamp(Math.round(taskWork / panelWork), panels), (f, first, end, scratch) => {
      f.call(run, { left, right, out, firstPanel: first, endPanel: end, scratch });
    });
  }

  #byBlocks(velocity: number, config: MuonConfig | undefined): Job {
    const { emitter, gradients } = this.#planner;
    const { rows, columns } = this.#sizes;
    const run = emitMuonMomentum(emitter, this.#sizes, config);
    const [ahead, blocks] = [this.#ahead, Math.ceil(columns / 8)];
    return this.#shares(blocks, clamp(Math.round(1024 / rows), blocks), (f, first, end) => {
      f.call(run, {
        velocity: velocity + this.#offset,
        gradients: gradients + this.#offset,
        ahead,
        transposed: this.#transposed,
        firstBlock: first,
        endBlock: end,
      });
    });
  }

  /** A task for every so many of a count. */
  #shares(
    count: number,
    atOnce: number,
    write: (f: FunctionBuilder, first: Local<"i32">, end: I32, scratch: Local<"i32">) => void,
  ): Job {
    return {
      name: "muon",
      tasks: Math.ceil(count / atOnce),
      run: this.#planner.emitter.module.function(["task", "scratch"], (f, { task, scratch }) => {
        const first = f.let(i32.mul(task, atOnce));
        const wanted = f.let(i32.add(first, atOnce));
        write(f, first, i32.select(i32.ltU(wanted, count), wanted, count), scratch);
      }),
    };
  }
}

const clamp = (value: number, largest: number): number => Math.max(1, Math.min(value, largest));
