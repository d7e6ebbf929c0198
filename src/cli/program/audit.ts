import type { Command } from "commander";
import { auditOptions } from "../../core/audit/audit-options.js";
import { modelNames } from "../../core/models/index.js";
import { listed } from "../../core/words.js";
import { wholeNumber } from "../arguments.js";
import { addDataOptions } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle audit`. */
export function addAudit(program: Command, terminal: Terminal): void {
  const { folds, epochs, seed } = auditOptions;
  const audit = program
    .command("audit")
    .description(
      "look a data set over: labels that are likely wrong, duplicates, leaks between parts, odd ones out",
    );
  const command = addThreads(addDataOptions(audit))
    .option("--out <file>", "the page to write, with the pictures", "audit.html")
    .option("--csv <file>", "write every finding as CSV too")
    .option("--folds <n>", folds.meaning, wholeNumber("--folds", 2, 100), folds.default)
    .option("--model <name>", `what learns in each fold (default: a quick one): ${listed(modelNames, "or")}`)
    .option("--epochs <n>", `${epochs.meaning} (default: ${epochs.otherwise})`, wholeNumber("--epochs", 1))
    .option("--from <file|run>", "a trained model: a head learns on its features, in the place of --model")
    .option("--seed <n>", seed.meaning, wholeNumber("--seed", 0), seed.default)
    .option("--no-mirrored", "take mirror images for other pictures, not for duplicates")
    .option("--overwrite", "let --out and --csv replace a file that is there")
    .option("--json", "every finding in one JSON object on stdout")
    .action(async (options) => (await import("../commands/audit.js")).auditCommand(options, terminal));
  example(command, "heddle audit --data photos --from body.safetensors --csv audit.csv");
}
