import type { Command } from "commander";
import { maximumThreads } from "../../core/training/compile.js";
import { numberList } from "../arguments.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { narrowText } from "./threads-flag.js";

/** `heddle bench`. */
export function addBench(program: Command, terminal: Terminal): void {
  const command = program
    .command("bench")
    .description("measure training, inference and kernels against this machine's multiply-add ceiling")
    .argument(
      "[names...]",
      "train/<model>/<batch>, infer/…, predict/<model>/<images>, predict-after-step/…, kernel/…, or the beginning of one",
    )
    .option(
      "--threads <list>",
      "thread counts to measure with, such as 1,2",
      numberList("--threads", 1, maximumThreads),
    )
    .option("--narrow-vectors", narrowText)
    .option("--profile", "show where a step's time goes, by layer and phase (default: train/proposed/128)")
    .option("--json", "environment, ceilings and results as one JSON object on stdout")
    .action(async (names: string[], options) =>
      (await import("../commands/bench.js")).benchCommand({ names, ...options }, terminal),
    );
  example(command, "heddle bench train/proposed/128 --threads 1,2");
}
