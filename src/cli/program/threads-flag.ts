import type { Command } from "commander";
import { maximumThreads } from "../../core/training/compile.js";
import { wholeNumber } from "../arguments.js";

const threadsText = "threads that compute (default: one a processor); they never change a result";
const readThreads = wholeNumber("--threads", 1, maximumThreads);
export const narrowText =
  "vectors of 128 bits even where V8 can join them to 256, by a pass that is an experiment of its own; no result changes";

/** Of a command that computes: on how many threads, and with vectors of how many bits. */
export const addThreads = (command: Command): Command =>
  command.option("--threads <n>", threadsText, readThreads).option("--narrow-vectors", narrowText);
