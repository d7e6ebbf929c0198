import type { Command } from "commander";
import { maximumThreads } from "../../core/training/compile.js";
import { listed } from "../../core/words.js";
import { reproductionParts } from "../../reproduction/plan/experiments.js";
import { wholeNumber } from "../arguments.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle reproduce`. */
export function addReproduce(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program.command("reproduce").description("run the paper's experiments, and go on with what was begun"),
  )
    .argument("[part]", listed(reproductionParts, "or"), "all")
    .option("--epochs <n>", "passes over the training images (default: 50)", wholeNumber("--epochs", 1))
    .option("--seeds <list>", "a trial each; the lowest alone where one is enough (default: 1,2,3)")
    .option("--quick", "everything small, to see it work: no reproduction")
    .option(
      "--parallel <n>",
      "trials that train at once, on their share of the threads: sooner done, each takes longer (default: 1)",
      wholeNumber("--parallel", 1, maximumThreads),
    )
    .option("--out <dir>", "folder of the results (default: reproduction, with --quick reproduction-quick)")
    .option("--dry-run", "show the plan, what is done, and the time left, and run nothing")
    .option("--data <name|dir>", "fashion-mnist, or a folder with four IDX files", "fashion-mnist")
    .action(async (part: string, options) =>
      (await import("../commands/reproduce.js")).reproduceCommand({ part, ...options }, terminal),
    );
  example(command, "heddle reproduce table2 --out results/reproduction");
}
