import type { Command } from "commander";
import { modelNames } from "../core/models/index.js";
import { optimizerNames, optimizerOptions } from "../core/optimizers/index.js";
import type { AnyOptionTable } from "../core/options/index.js";
import { scheduleDefinitions, scheduleNames } from "../core/schedules/index.js";
import { commonScheduleOptions } from "../core/schedules/schedule.js";
import { listed } from "../core/words.js";
import { finiteNumber, wholeNumber } from "./arguments.js";

/** Options that shape a schedule's curve; which of them a schedule takes, the schedule knows. */
export function addScheduleOptions(command: Command): Command {
  const number = (flag: string, text: string): Command =>
    command.option(`${flag} <x>`, text, finiteNumber(flag));
  const { learningRate, minLearningRate, maxLearningRate, warmup } = commonScheduleOptions;
  number("--learning-rate", `the rate that the curve starts from (default: ${learningRate.default})`);
  number("--min-learning-rate", `the rate never falls below it (default: ${minLearningRate.default})`);
  number("--max-learning-rate", `the rate never rises above it (default: ${maxLearningRate.otherwise})`);
  number("--warmup", `epochs over which the rate is scaled up at the beginning (default: ${warmup.default})`);
  number("--decay", `how fast the rate falls: ${schedulesWith("decay")}`);
  number("--decay-steps", `steps that --decay counts for: ${schedulesWith("decaySteps")}`);
  number("--decay-epochs", `epochs between falls: ${schedulesWith("decayEpochs")}`);
  number("--rho", `share of the rate that it settles at: ${schedulesWith("rho")}`);
  number("--peak-at", `share of the run at which the rate peaks: ${schedulesWith("peakAt")}`);
  number("--start-divisor", `the peak over the first rate: ${schedulesWith("startDivisor")}`);
  return number("--end-divisor", `the first rate over the last: ${schedulesWith("endDivisor")}`);
}

/** Who has an option: "sgd, rmsprop (default: 0), muon (default: 0.95)", defaults where all have a plain one. */
function having(option: string, tables: readonly (readonly [name: string, table: AnyOptionTable])[]): string {
  const those = tables
    .filter(([, table]) => Object.hasOwn(table, option))
    .map(([name, table]) => ({ name, usual: table[option].default }));
  const plain = those.every(({ usual }) => usual !== undefined);
  const words = those.map(({ name, usual }, index) =>
    plain && those[index + 1]?.usual !== usual ? `${name} (default: ${usual})` : name,
  );
  return words.join(", ");
}

const schedulesWith = (option: string): string =>
  having(
    option,
    scheduleNames.map((name) => [name, scheduleDefinitions[name].parameters]),
  );

const optimizersWith = (option: string): string => having(option, Object.entries(optimizerOptions));

/** Everything that decides a training run's result. */
export function addTrainingOptions(command: Command): Command {
  command
    .option("--model <name>", listed(modelNames, "or"), "proposed")
    .option("--no-dropout", "leave the model's dropout layers out")
    .option("--data <name|dir>", "fashion-mnist, or a folder with four IDX files", "fashion-mnist")
    .option("--epochs <n>", "passes over the training images", wholeNumber("--epochs", 1), 50)
    .option(
      "--batch-size <n>",
      "images a step (default: 128, or all where fewer train)",
      wholeNumber("--batch-size", 1),
    )
    .option("--optimizer <name>", listed(optimizerNames, "or"), "adam")
    .option(
      "--momentum <x>",
      `share of the last move kept: ${optimizersWith("momentum")}`,
      finiteNumber("--momentum"),
    )
    .option("--nesterov", "look ahead along the momentum: sgd, muon (where it is the default)")
    .option("--no-nesterov", "do not look ahead: muon")
    .option("--weight-decay <x>", optimizersWith("weightDecay"), finiteNumber("--weight-decay"))
    .option(
      "--adam-share <x>",
      `rate of what muon leaves to adamw, as a share of the learning rate (default: ${optimizerOptions.muon.adamShare.default})`,
      finiteNumber("--adam-share"),
    )
    .option("--schedule <name>", listed(scheduleNames, "or"), "dynamic");
  return addScheduleOptions(command)
    .option(
      "--label-smoothing <x>",
      "share of the target spread over all classes",
      finiteNumber("--label-smoothing"),
      0,
    )
    .option("--augment <list>", "vary the training images: flip,shift=2,rotate=10,zoom=0.1,erase=0.25")
    .option(
      "--seed <n>",
      "decides first weights, order, dropout and augmentation",
      wholeNumber("--seed", 0),
      1,
    )
    .option("--split-seed <n>", "decides which images validate", wholeNumber("--split-seed", 0), 1)
    .option("--limit <n>", "take only this many training images, evenly per class", wholeNumber("--limit", 1))
    .option("--portable", "plain multiply and add: the same bytes on every processor");
}
