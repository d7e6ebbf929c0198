import { augmentBatch, createBatchAugmentation } from "../data/augment-batch.js";
import type { AugmentationConfig } from "../data/augmentation.js";
import type { Split } from "../data/dataset.js";
import { type Images, readImages } from "../data/image-reader.js";
import { type BatchAnswers, mixAnswers, mixBatch } from "../data/mix-batch.js";
import { mixes } from "../data/mixing.js";
import { pickRows } from "../data/targets.js";
import type { Network } from "../engine/network.js";
import { UsageError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import { type LossName, usualLoss } from "../loss.js";
import { received } from "../options/index.js";
import type { Platform } from "../platform.js";
import { createRandom, permutation } from "../random.js";
import type { MonitoredFigure, ValidationFigures } from "../schedules/improvement.js";
import type { Schedule } from "../schedules/index.js";
import type { SchedulePosition } from "../schedules/schedule.js";
import { Turns } from "../turns.js";
import { atChanceMessage, chanceCeiling, divergenceMessage, isTelling } from "./advice.js";
import type { Answers } from "./answers.js";
import { type EarlyStopping, stopsEarly } from "./early-stopping.js";
import type { EpochEvent, EpochRecord, StopReason, TrainEvent } from "./events.js";
import { imagesAtOnce } from "./images-at-once.js";
import { Interruption } from "./interruption.js";
import { atStart, type BestEpoch, type OngoingPosition } from "./position.js";
import { validationFigures } from "./validation-figures.js";
import { averageShare } from "./weight-average.js";

export interface TrainLoopOptions extends Answers {
  /** Which of the images train, and which validate (may be none). */
  readonly split: Split;
  readonly images: Images;
  /** What the split's `validation` counts (default: the images that train). */
  readonly validates?: Answers & { readonly images: Images };
  /** What the network was made for (default "crossEntropy"). */
  readonly loss?: LossName;
  /** What each image's loss is multiplied by in training (default: nothing). */
  readonly weights?: Float32Array;
  /** Targets of those that train, of a distillation: their labels still say what is right. [N, classes]. */
  readonly taught?: Float32Array;
  /** [H, W, C] of the images. */
  readonly imageShape: Shape;
  /** The epoch to end with, counted from the training's start. */
  readonly epochs: number;
  /** At most the network's `trainBatchSize`, and no more than train; an epoch's last batch may be smaller. */
  readonly batchSize: number;
  readonly schedule: Schedule;
  /** Decides the order of images, dropout and augmentation. */
  readonly seed: number;
  readonly augmentation?: AugmentationConfig;
  readonly platform: Platform;
  /** Keeps an average of the weights, and judges it; with the steps in it before these. */
  readonly average?: { readonly decay: number; readonly steps: number };
  /** Looked at after each step, and heard while images are waited for. */
  readonly interruption?: Interruption;
  /** Where the training stands that goes on here; the network must hold what it led to. Kept up to date. */
  readonly position?: OngoingPosition;
  /** The best of the epochs before that count as of one run with these. */
  readonly best?: BestEpoch;
  /** When to stop before the last epoch. */
  readonly earlyStopping?: EarlyStopping;
  /** What those epochs before came to where they validated. Kept up to date. */
  readonly validation?: ValidationFigures[];
  /** Does a piece of work on the network while nobody else does; gives nothing where training was ended meanwhile. */
  readonly turn?: <Result>(work: () => Promise<Result>) => Promise<Result | undefined>;
  /** Told of an epoch at its end, before anybody else can do anything. @returns false where its weights aren't finite */
  readonly keep?: (epoch: JudgedEpoch) => Promise<boolean>;
}

export interface JudgedEpoch {
  readonly record: EpochRecord;
  /** Whether it is the best so far. */
  readonly best: boolean;
}

/** Keeps the streams of the epochs' orders apart from those of initialization, which have a layer's number here. */
const orderStream = 0x6f726472;

/**
 * Trains a network, one event at a time: start, then a step event each batch and an epoch event after each
 * validation pass, then end. Nothing runs between two reads of the generator. What is computed depends on seed, split,
 * position and options alone, never on time or on the number of threads; so a training that goes on from a position
 * computes what it would have computed without a stop. Events count epochs and steps over the whole training, seconds
 * from here.
 *
 * Best is the epoch of highest validation accuracy, ties by lower validation loss, then the earlier one; with an
 * early stop that monitors the loss, of lowest loss, ties by higher accuracy. Without validation images it is the
 * last one. Where an average of the weights is kept, it is what the images that validate judge.
 *
 * @throws UsageError where the schedule gives no learning rate.
 */
export async function* trainLoop(network: Network, options: TrainLoopOptions): AsyncGenerator<TrainEvent> {
  const { split, epochs, batchSize, schedule, seed, platform } = options;
  const { turn = (work) => work(), keep = async () => true, position = { ...atStart } } = options;
  const { interruption = new Interruption(), earlyStopping, validation = [], average } = options;
  const stepsPerEpoch = Math.ceil(split.train.length / batchSize);
  const augmentation = options.augmentation && createBatchAugmentation(batchSize, options.augmentation);
  const started = platform.now();
  const secondsSince = (moment: number): number => (platform.now() - moment) / 1000;
  const turns = new Turns(platform);
  const { epochsDone, stepsDone: firstStep } = position;
  let best = options.best;
  const isOver = (): boolean => earlyStopping !== undefined && stopsEarly(earlyStopping, validation);
  const end = (reason: StopReason, message?: string): TrainEvent => ({
    event: "end",
    reason,
    bestEpoch: best?.epoch ?? 0,
    epochsDone: position.epochsDone,
    stepsDone: position.stepsDone,
    seconds: secondsSince(started),
    ...(message && { message }),
  });

  yield {
    event: "start",
    epochs,
    stepsPerEpoch,
    batchSize,
    trainImages: split.train.length,
    validationImages: split.validation.length,
    threads: network.threads,
    relaxedSimd: network.relaxedSimd,
    vectorBits: network.vectorBits,
    arenaBytes: network.arenaBytes,
    parameters: network.parameterCount,
    ...(epochsDone > 0 && { epochsDone }),
    ...(options.average && { judged: "average" }),
  };
  if (interruption.aborted) return yield end("aborted");

  for (let epoch = epochsDone + 1; epoch <= epochs; epoch++) {
    if (isOver()) return yield end("stopped early");
    const epochStarted = platform.now();
    const order = permutation(split.train.length, createRandom(seed, orderStream, epoch));
    for (let place = 0; place < order.length; place++) order[place] = split.train[order[place]];
    let lossSum = 0;
    let correct = 0;
    let learningRate = 0;

    const reader = readImages(options.images, order, readerOptions("train", options, batchSize));
    try {
      for (let batch = 0; batch < stepsPerEpoch; batch++) {
        const images = await interruption.orStopped(reader.next());
        if (!images) return yield end("aborted");
        const first = batch * batchSize;
        const indices = order.subarray(first, first + batchSize);
        if (options.augmentation && augmentation) {
          augmentBatch(options.augmentation, options.imageShape, indices, { seed, epoch }, augmentation);
        }
        // Where the run stands in its own steps: those of earlier epochs may have been of another size.
        const step = (epoch - 1) * stepsPerEpoch + batch;
        learningRate = rateAt(schedule, {
          step,
          stepsPerEpoch,
          epochs,
          ...(schedule.followsValidation && { validation }),
        });
        const answers = batchAnswers(options, network.classes, indices);
        const mixing =
          options.augmentation && mixes(options.augmentation)
            ? mixBatch(options.augmentation, options.imageShape, indices.length, { seed, epoch, batch })
            : undefined;
        const result = await turn(async () => {
          const { stepsDone, optimizerSteps: optimizerStep } = position;
          const done = await network.trainStep({
            images,
            ...(mixing
              ? { ...mixAnswers(answers, mixing, network.classes, options.taught !== undefined), mixing }
              : answers),
            step: stepsDone,
            optimizerStep,
            seed,
            learningRate,
            augmentation,
            ...(average && {
              averageShare: averageShare(average.decay, average.steps + stepsDone - firstStep),
            }),
          });
          position.stepsDone++;
          position.optimizerSteps++;
          return done;
        });
        if (!result) return yield end("aborted");
        lossSum += result.lossSum;
        correct += result.correct;
        const seen = first + indices.length;
        const stepsLeft = stepsPerEpoch * epochs - step - 1;
        yield {
          event: "step",
          epoch,
          step: batch + 1,
          stepsPerEpoch,
          trainLoss: lossSum / seen,
          trainAccuracy: correct / seen,
          learningRate,
          imagesPerSecond: seen / Math.max(secondsSince(epochStarted), 1e-9),
          secondsLeft: (secondsSince(started) * stepsLeft) / (position.stepsDone - firstStep),
        };
        if (!Number.isFinite(lossSum)) {
          return yield end("diverged", divergenceMessage(epoch, batch + 1, learningRate));
        }
        await turns.pass();
        if (interruption.aborted) return yield end("aborted");
      }
    } finally {
      await reader.close();
    }

    const judgement = await validate(network, options, turn, interruption);
    const judged = await turn(async (): Promise<JudgedEpoch | "aborted" | "diverged"> => {
      if (!judgement) return "aborted";
      if (split.validation.length > 0 && !Number.isFinite(judgement.loss)) return "diverged";
      const record: EpochRecord = {
        epoch,
        trainLoss: lossSum / order.length,
        trainAccuracy: correct / order.length,
        validationLoss: judgement.loss,
        validationAccuracy: judgement.accuracy,
        learningRate,
        seconds: secondsSince(epochStarted),
      };
      const isBest = !best || split.validation.length === 0 || isBetter(record, best, earlyStopping?.monitor);
      if (!(await keep({ record, best: isBest }))) return "diverged";
      position.epochsDone = epoch;
      const { validationLoss, validationAccuracy } = record;
      validation.push({ validationLoss, validationAccuracy });
      return { record, best: isBest };
    });
    if (judged === "diverged") {
      return yield end("diverged", divergenceMessage(epoch, stepsPerEpoch, learningRate));
    }
    if (!judged || judged === "aborted") return yield end("aborted");
    const { record } = judged;
    if (judged.best) best = record;
    yield { event: "epoch", ...record, best: judged.best } satisfies EpochEvent;
    // Of labels that few images have, an accuracy at chance is a good one.
    if (epoch === 1 && split.validation.length > 0 && options.loss !== "binaryCrossEntropy") {
      const { chance, ceiling } = chanceCeiling(validatingOf(options).labels, split.validation);
      if (isTelling({ chance, ceiling }) && record.validationAccuracy <= ceiling) {
        const message = atChanceMessage(record.validationAccuracy, chance, learningRate);
        yield { event: "warning", kind: "atChance", epoch, learningRate, message };
      }
    }
    if (interruption.aborted && epoch < epochs && !isOver()) return yield end("aborted");
  }
  yield end("finished");
}

/** @throws UsageError on what is no learning rate, which only a schedule made by hand gives */
function rateAt(schedule: Schedule, position: SchedulePosition): number {
  const rate: unknown = schedule.learningRate(position);
  // The engine takes float32, where the largest numbers are infinite.
  if (typeof rate === "number" && rate >= 0 && Math.fround(rate) < Number.POSITIVE_INFINITY) return rate;
  throw new UsageError(
    `The schedule's learning rate is ${received(rate)} at step ${position.step} of ${position.stepsPerEpoch * position.epochs}; ` +
      "it must be a number of 0 or more at every step.",
  );
}

/** Whether an epoch beats the best so far: higher accuracy, or the same at a lower loss; by the loss the other way. */
export function isBetter(
  record: BestEpoch,
  best: BestEpoch,
  monitor: MonitoredFigure = "validationAccuracy",
): boolean {
  const more = record.validationAccuracy - best.validationAccuracy;
  const less = best.validationLoss - record.validationLoss;
  const [first, second] = monitor === "validationLoss" ? [less, more] : [more, less];
  return first > 0 || (first === 0 && second > 0);
}

/** The images that the split's `validation` counts, with their answers. */
const validatingOf = ({ validates, images, labels, targets }: TrainLoopOptions) =>
  validates ?? { images, labels, targets };

const readerOptions = (
  part: "train" | "validation",
  { imageShape, platform }: TrainLoopOptions,
  batch: number,
) => ({
  place: `fit: ${part}.images`,
  imageShape,
  batch,
  platform,
});

/** Mean loss and accuracy over the validation images, not a number without any; undefined when interrupted. */
async function validate(
  network: Network,
  options: TrainLoopOptions,
  turn: NonNullable<TrainLoopOptions["turn"]>,
  interruption: Interruption,
): Promise<{ loss: number; accuracy: number } | undefined> {
  const { split, imageShape, platform, average, loss = usualLoss } = options;
  const { classes } = network;
  const count = split.validation.length;
  const probabilities = new Float32Array(count * classes);
  const size = shapeSize(imageShape);
  const validating = validatingOf(options);
  const part = options.validates ? "validation" : "train";
  const reading = readerOptions(part, options, imagesAtOnce(size));
  const reader = readImages(validating.images, split.validation, reading);
  try {
    for (let done = 0; done < count; ) {
      const images = await interruption.orStopped(reader.next());
      const prediction = images && (await turn(() => network.predict(images, average && "average")));
      if (!prediction) return undefined;
      probabilities.set(prediction.probabilities, done * classes);
      done += images.length / size;
      await platform.yield();
      if (interruption.aborted) return undefined;
    }
  } finally {
    await reader.close();
  }
  const answers = answersOf(validating, classes, split.validation);
  return validationFigures(probabilities, answers, { loss, classes });
}

/** Those of some images. */
const answersOf = ({ labels, targets }: Answers, classes: number, indices: Uint32Array): Answers => ({
  labels: Uint32Array.from(indices, (index) => labels[index]),
  ...(targets && { targets: pickRows(targets, classes, indices) }),
});

function batchAnswers(options: TrainLoopOptions, classes: number, indices: Uint32Array): BatchAnswers {
  const { weights, labels, targets, taught = targets } = options;
  return {
    ...answersOf({ labels, targets: taught }, classes, indices),
    ...(weights && { weights: Float32Array.from(indices, (index) => weights[index]) }),
  };
}
