import type { Command } from "commander";
import { finiteNumber, wholeNumber } from "./arguments.js";

/** Options that shape a schedule's curve; which of them a schedule takes, the schedule knows. */
export function addScheduleOptions(command: Command): Command {
  const number = (flag: string, text: string): Command =>
    command.option(`${flag} <x>`, text, finiteNumber(flag));
  number("--learning-rate", "the rate that the curve starts from (default: 0.001)");
  number("--min-learning-rate", "the rate never falls below it (default: 1e-8)");
  number("--max-learning-rate", "the rate never rises above it (default: no bound)");
  number("--warmup", "epochs over which the rate is scaled up at the beginning (default: 0)");
  number("--decay", "how fast the rate falls: step, inverse-time, exponential, natural-exponential, dynamic");
  number("--decay-steps", "steps that --decay counts for: exponential, natural-exponential");
  number("--decay-epochs", "epochs between falls: step");
  number("--rho", "share of the rate that it settles at: dynamic (default: 0.1)");
  number("--peak-at", "share of the run at which the rate peaks: one-cycle (default: 0.3)");
  number("--start-divisor", "the peak over the first rate: one-cycle (default: 25)");
  return number("--end-divisor", "the first rate over the last: one-cycle (default: 10000)");
}

/** Everything that decides a training run's result. */
export function addTrainingOptions(command: Command): Command {
  command
    .option("--model <name>", "proposed, cnn, lenet, lstm or bilstm", "proposed")
    .option("--no-dropout", "leave the model's dropout layers out")
    .option("--data <name|dir>", "fashion-mnist, or a folder with four IDX files", "fashion-mnist")
    .option("--epochs <n>", "passes over the training images", wholeNumber("--epochs", 1), 50)
    .option(
      "--batch-size <n>",
      "images a step (default: 128, or all where fewer train)",
      wholeNumber("--batch-size", 1),
    )
    .option("--optimizer <name>", "sgd, adam, adamw, rmsprop or muon", "adam")
    .option(
      "--momentum <x>",
      "share of the last move kept: sgd, rmsprop (default: 0), muon (default: 0.95)",
      finiteNumber("--momentum"),
    )
    .option("--nesterov", "look ahead along the momentum: sgd, muon (where it is the default)")
    .option("--no-nesterov", "do not look ahead: muon")
    .option(
      "--weight-decay <x>",
      "sgd (default: 0), adamw (default: 0.004), muon (default: 0.01)",
      finiteNumber("--weight-decay"),
    )
    .option(
      "--adam-share <x>",
      "rate of what muon leaves to adamw, as a share of the learning rate (default: 0.1)",
      finiteNumber("--adam-share"),
    )
    .option(
      "--schedule <name>",
      "constant, step, inverse-time, exponential, natural-exponential, dynamic, cosine or one-cycle",
      "dynamic",
    );
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
