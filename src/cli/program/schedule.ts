import type { Command } from "commander";
import { scheduleNames } from "../../core/schedules/index.js";
import { listed } from "../../core/words.js";
import { wholeNumber } from "../arguments.js";
import { example } from "../example.js";
import { addScheduleOptions, scheduleFrom } from "../schedule-flags.js";
import type { Terminal } from "../terminal.js";

/** `heddle schedule`. */
export function addSchedule(program: Command, terminal: Terminal): void {
  const command = program
    .command("schedule")
    .description("draw a learning-rate schedule, or write it as SVG or CSV")
    .argument("<name>", listed(scheduleNames, "or"))
    .option("--epochs <n>", "passes over the training images", wholeNumber("--epochs", 1), 50)
    .option("--batch-size <n>", "images a step", wholeNumber("--batch-size", 1), 128)
    .option("--images <n>", "images of an epoch", wholeNumber("--images", 1), 48_000)
    .option("--out <file>", "write the curve to FILE.svg or FILE.csv")
    .option("--overwrite", "let --out replace a file");
  addScheduleOptions(command).action(async (schedule: string, options) => {
    const { scheduleCommand } = await import("../commands/schedule.js");
    const { epochs, batchSize, images: trainImages, out, overwrite } = options;
    const config = scheduleFrom({ ...options, schedule });
    await scheduleCommand({ schedule: config, epochs, batchSize, trainImages, out, overwrite }, terminal);
  });
  example(command, "heddle schedule dynamic --learning-rate 0.1 --out dynamic.svg");
}
