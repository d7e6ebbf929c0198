import type { Command } from "commander";
import { augmentationOptions } from "../core/data/augmentation.js";
import { modelNames } from "../core/models/index.js";
import { optimizerNames, optimizerOptions } from "../core/optimizers/index.js";
import { monitoredFigures } from "../core/schedules/improvement.js";
import { scheduleNames } from "../core/schedules/index.js";
import { compileOptions } from "../core/training/compile.js";
import { earlyStoppingOptions } from "../core/training/early-stopping.js";
import { fitOptions } from "../core/training/fit.js";
import { listed } from "../core/words.js";
import { finiteNumber, wholeNumber } from "./arguments.js";
import { addDataOptions } from "./data-flags.js";
import { having } from "./named-options.js";
import { addScheduleOptions } from "./schedule-flags.js";

const optimizersWith = (option: string): string => having(option, Object.entries(optimizerOptions));

/** Everything that decides a training run's result. */
export function addTrainingOptions(command: Command): Command {
  addDataOptions(command)
    .option("--model <name>", listed(modelNames, "or"), "proposed")
    .option("--no-dropout", "leave the model's dropout layers out")
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
    .option(
      "--clip-norm <x>",
      `${compileOptions.clipNorm.meaning} (default: ${compileOptions.clipNorm.otherwise})`,
      finiteNumber("--clip-norm"),
    )
    .option(
      "--freeze <patterns>",
      "keep tensors as they are, by patterns of their full names: conv2d_*,*.bias",
    )
    .option(
      "--weight-average <decay>",
      "keep a moving average of the weights, such as 0.999, and judge it",
      finiteNumber("--weight-average"),
    )
    .option(
      "--augment <list>",
      `vary the training images, as in flip,shift=2,crop=0.6-1: ${listed(Object.keys(augmentationOptions), "or")}`,
    )
    .option(
      "--class-weights <list>",
      `${fitOptions.classWeights.meaning}: balanced, or a number a class, such as 1,2,0.5`,
    )
    .option(
      "--early-stopping <epochs>",
      earlyStoppingOptions.patience.meaning,
      wholeNumber("--early-stopping", 1),
    )
    .option(
      "--early-stopping-min-delta <x>",
      `${earlyStoppingOptions.minDelta.meaning} (default: ${earlyStoppingOptions.minDelta.default})`,
      finiteNumber("--early-stopping-min-delta"),
    )
    .option(
      "--early-stopping-monitor <name>",
      `${earlyStoppingOptions.monitor.meaning}: ${listed(monitoredFigures, "or")} (default: ${earlyStoppingOptions.monitor.default})`,
    )
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
