import { setFlagsFromString } from "node:v8";
import { hasFusedMultiplyAdd } from "../core/engine/probe.js";
import { fastestTiling } from "../core/engine/tiling-probe.js";
import { vectorBattery } from "../core/engine/vector-battery.js";
import { messageOf } from "../core/errors.js";
import { type Arithmetic, portableArithmetic, relaxedArithmetic } from "../core/kernels/arithmetic.js";
import { narrowTiling, type Tiling, wideTilings } from "../core/kernels/tiling.js";
import type { VectorWidth } from "../core/platform.js";

/** Releases whose pass was tried: it is an experiment of V8's, and may change or go. */
const triedReleases = [24, 25, 26];

const joinPairs = "experimental-wasm-revectorize";

let decided: Decision | undefined;

/** How wide the engine's vectors are in this process, as far as that is decided. */
export const vectorWidth = (): VectorWidth =>
  decided?.width ?? { bits: 128, why: "nobody has asked for 256" };

export const tilingOf = (fused: boolean): Tiling =>
  decided?.tilings.get(fused ? relaxedArithmetic : portableArithmetic) ?? narrowTiling;

const now = (): number => performance.now();

/** What V8 is told and what it answers: given by tests that try a failure. */
export interface VectorSurroundings {
  readonly release: number;
  readonly architecture: string;
  /** What the process was started with. */
  readonly flags: readonly string[];
  setFlags(flags: string): void;
  readonly battery: typeof vectorBattery;
  readonly fastest: typeof fastestTiling;
}

const surroundings: VectorSurroundings = {
  release: Number(process.versions.node.split(".")[0]),
  architecture: process.arch,
  flags: [...process.execArgv, ...(process.env.NODE_OPTIONS ?? "").split(" ")],
  setFlags: setFlagsFromString,
  battery: vectorBattery,
  fastest: fastestTiling,
};

/**
 * Has V8 join pairs of 128-bit vector operations into 256-bit ones wherever it compiles WebAssembly from now on: a
 * flag of the whole process. It is kept only where a battery of kernels comes to the same bits with it and without,
 * and where it is faster. Asked once; whoever asks again hears the same.
 */
export function widenVectors(): VectorWidth {
  decided ??= decide(surroundings);
  return decided.width;
}

/** What a process has decided, as another of its threads can be told it. */
export interface DecidedVectors {
  readonly width: VectorWidth;
  readonly fused: Tiling;
  readonly portable: Tiling;
}

/** Undefined where nobody has asked for wide vectors. */
export function decidedVectors(): DecidedVectors | undefined {
  return decided && { width: decided.width, fused: tilingOf(true), portable: tilingOf(false) };
}

/**
 * Takes over what another thread of the process has decided: V8's flag is set for all of them, and trying it anew would
 * switch it under the others.
 */
export function adoptVectors({ width, fused, portable }: DecidedVectors): void {
  decided = {
    width,
    tilings: new Map([
      [relaxedArithmetic, fused],
      [portableArithmetic, portable],
    ]),
  };
}

/** What one process does. */
export interface Decision {
  readonly width: VectorWidth;
  readonly tilings: ReadonlyMap<Arithmetic, Tiling>;
}

const narrow = (why: string, differs = false): Decision => ({
  width: { bits: 128, why, ...(differs && { differs }) },
  tilings: new Map(),
});

/** As `widenVectors`, with nothing kept. */
export function decide(around: VectorSurroundings): Decision {
  const { release, architecture, flags, setFlags, battery, fastest } = around;
  if (!triedReleases.includes(release))
    return narrow(`Node ${release} ${release < 24 ? "has no pass that could be used" : "was not tried"}`);
  if (architecture !== "x64") return narrow(`the pass is for x64, and this is ${architecture}`);
  const given = flags.map((flag) => flag.replaceAll("_", "-"));
  if (given.includes(`--no-${joinPairs}`)) return narrow(`Node was started with --no-${joinPairs}`);
  const arithmetics = hasFusedMultiplyAdd() ? [relaxedArithmetic, portableArithmetic] : [portableArithmetic];
  // Only the optimizing compiler joins pairs. Without the baseline one everything is compiled by it at once; it then
  // knows nothing of what is called how often, and must not ask.
  const meanwhile = ["liftoff", "wasm-inlining"].filter(
    (name) => !given.some((flag) => flag === `--${name}` || flag === `--no-${name}`),
  );
  const tellAll = (prefix: string): void => {
    for (const name of meanwhile) setFlags(`${prefix}${name}`);
  };
  let widened = false;
  try {
    setFlags(`--no-${joinPairs}`);
    const plain = arithmetics.map((arithmetic) => battery(arithmetic, wideTilings[0], 0));
    tellAll("--no-");
    setFlags(`--${joinPairs}`);
    const joined = arithmetics.map((arithmetic) => battery(arithmetic, wideTilings[0], 1));
    if (!joined.every((words, index) => words.every((word, at) => word === plain[index][at])))
      return narrow("V8's pass came to other results on this processor", true);
    const chosen = new Map(arithmetics.map((arithmetic) => [arithmetic, fastest(arithmetic, now)]));
    if (chosen.get(arithmetics[0]) === narrowTiling)
      return narrow("256 bits are no faster than 128 on this processor");
    widened = true;
    return { width: { bits: 256 }, tilings: chosen };
  } catch (error) {
    return narrow(`V8's pass could not be tried: ${messageOf(error)}`);
  } finally {
    if (!widened) setFlags(`--no-${joinPairs}`);
    tellAll("--");
  }
}
