import { augmentBatch, createBatchAugmentation } from "../data/augment-batch.js";
import type { AugmentationConfig } from "../data/augmentation.js";
import type { Labels, Split } from "../data/dataset.js";
import type { Network } from "../engine/network.js";
import { HeddleError, UsageError } from "../errors.js";
import type { BestEpoch, TrainingPosition } from "../formats/checkpoint-file.js";
import type { Shape } from "../layers/layer.js";
import { crossEntropy } from "../metrics/cross-entropy.js";
import { predictedClasses } from "../metrics/predictions.js";
import type { Platform } from "../platform.js";
import { createRandom, permutation } from "../random.js";
import type { Schedule } from "../schedules/index.js";
import { atChanceMessage, chanceCeiling, divergenceMessage } from "./advice.js";
import type { EpochEvent, EpochRecord, StopReason, TrainEvent } from "./events.js";

export interface TrainLoopOptions {
  /** Which of the network's loaded images train, and which validate (may be none). */
  readonly split: Split;
  /** Labels of all loaded images. */
  readonly labels: Labels;
  /** [H, W, C] of the images. */
  readonly imageShape: Shape;
  readonly epochs: number;
  /** At most the network's `trainBatchSize`; an epoch's last batch may be smaller. */
  readonly batchSize: number;
  readonly schedule: Schedule;
  /** Decides the order of images, dropout and augmentation. */
  readonly seed: number;
  readonly augmentation?: AugmentationConfig;
  readonly platform: Platform;
  /** An AbortSignal, or anything like it; looked at after each step. */
  readonly signal?: { readonly aborted: boolean };
  /** Goes on after these epochs; the network must hold the weights and optimizer state that they led to. */
  readonly resume?: TrainingPosition;
}

/** Keeps the streams of the epochs' orders apart from those of initialization, which have a layer's number here. */
const orderStream = 0x6f726472;
/** Milliseconds of steps after which signals and timers get their turn. */
const turnLength = 25;
/** Images of a validation pass between two looks at the signal. */
const validationChunk = 1024;

/**
 * Trains a network, one event at a time: start, then a step event each batch and an epoch event after each
 * validation pass, then end. Nothing runs between two reads of the generator, so at an epoch event a caller
 * may save `await network.readParameters()` before it goes on. What is computed depends on seed, split and options
 * alone, never on time or on the number of threads; so a run that goes on from a position computes what it would
 * have computed without a stop. Events count epochs and steps over the whole run, seconds from here.
 *
 * Best is the epoch of highest validation accuracy, ties by lower validation loss, then the earlier one;
 * without validation images it is the last one.
 *
 * @throws HeddleError where epochs or batch size make no sense with this split.
 */
export async function* trainLoop(network: Network, options: TrainLoopOptions): AsyncGenerator<TrainEvent> {
  checkTrainingSizes(options);
  const { split, epochs, batchSize, schedule, seed, platform, signal } = options;
  const stepsPerEpoch = Math.ceil(split.train.length / batchSize);
  const augmentation = options.augmentation && createBatchAugmentation(batchSize);
  const started = platform.now();
  const secondsSince = (moment: number): number => (platform.now() - moment) / 1000;
  let turnEnds = started + turnLength;
  const firstStep = (options.resume?.epochsDone ?? 0) * stepsPerEpoch;
  let step = firstStep;
  let epochsDone = options.resume?.epochsDone ?? 0;
  let best: BestEpoch | undefined = options.resume?.best;
  const end = (reason: StopReason, message?: string): TrainEvent => ({
    event: "end",
    reason,
    bestEpoch: best?.epoch ?? 0,
    epochsDone,
    stepsDone: step,
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
    arenaBytes: network.arenaBytes,
    parameters: network.parameterCount,
    ...(options.resume && { epochsDone }),
  };
  if (signal?.aborted) return yield end("aborted");

  for (let epoch = epochsDone + 1; epoch <= epochs; epoch++) {
    const epochStarted = platform.now();
    const order = permutation(split.train.length, createRandom(seed, orderStream, epoch));
    for (let position = 0; position < order.length; position++)
      order[position] = split.train[order[position]];
    let lossSum = 0;
    let correct = 0;
    let learningRate = 0;

    for (let first = 0; first < order.length; first += batchSize) {
      const indices = order.subarray(first, first + batchSize);
      if (options.augmentation && augmentation) {
        augmentBatch(options.augmentation, options.imageShape, indices, { seed, epoch }, augmentation);
      }
      learningRate = schedule.learningRate({ step, stepsPerEpoch, epochs });
      const result = await network.trainStep({
        indices,
        step,
        optimizerStep: step,
        seed,
        learningRate,
        augmentation,
      });
      step++;
      lossSum += result.lossSum;
      correct += result.correct;
      const images = first + indices.length;
      const stepsLeft = stepsPerEpoch * epochs - step;
      yield {
        event: "step",
        epoch,
        step: step - (epoch - 1) * stepsPerEpoch,
        stepsPerEpoch,
        trainLoss: lossSum / images,
        trainAccuracy: correct / images,
        learningRate,
        imagesPerSecond: images / Math.max(secondsSince(epochStarted), 1e-9),
        secondsLeft: (secondsSince(started) * stepsLeft) / (step - firstStep),
      };
      if (!Number.isFinite(lossSum)) {
        return yield end(
          "diverged",
          divergenceMessage(epoch, step - (epoch - 1) * stepsPerEpoch, learningRate),
        );
      }
      if (platform.now() >= turnEnds) {
        await platform.yield();
        turnEnds = platform.now() + turnLength;
      }
      if (signal?.aborted) return yield end("aborted");
    }

    const validation = await validate(network, options);
    if (!validation) return yield end("aborted");
    if (split.validation.length > 0 && !Number.isFinite(validation.loss)) {
      return yield end("diverged", divergenceMessage(epoch, stepsPerEpoch, learningRate));
    }
    const record: EpochRecord = {
      epoch,
      trainLoss: lossSum / order.length,
      trainAccuracy: correct / order.length,
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      learningRate,
      seconds: secondsSince(epochStarted),
    };
    const isBest = !best || split.validation.length === 0 || isBetter(record, best);
    if (isBest) best = record;
    epochsDone = epoch;
    yield { event: "epoch", ...record, best: isBest } satisfies EpochEvent;
    if (epoch === 1 && split.validation.length > 0) {
      const { chance, ceiling } = chanceCeiling(options.labels, split.validation);
      if (record.validationAccuracy <= ceiling) {
        const message = atChanceMessage(record.validationAccuracy, chance, learningRate);
        yield { event: "warning", kind: "atChance", epoch, learningRate, message };
      }
    }
    if (signal?.aborted && epoch < epochs) return yield end("aborted");
  }
  yield end("finished");
}

/** Whether an epoch beats the best so far: higher accuracy, or the same at a lower loss. */
export function isBetter(record: BestEpoch, best: BestEpoch): boolean {
  if (record.validationAccuracy !== best.validationAccuracy) {
    return record.validationAccuracy > best.validationAccuracy;
  }
  return record.validationLoss < best.validationLoss;
}

/** Mean loss and accuracy over the validation images, not a number without any; undefined when aborted. */
async function validate(
  network: Network,
  { split, labels, platform, signal }: TrainLoopOptions,
): Promise<{ loss: number; accuracy: number } | undefined> {
  const { classes } = network;
  const count = split.validation.length;
  const predictions = {
    probabilities: new Float32Array(count * classes),
    labels: Uint32Array.from(split.validation, (index) => labels[index]),
    count,
    classes,
  };
  for (let first = 0; first < count; first += validationChunk) {
    const indices = split.validation.subarray(first, first + validationChunk);
    const { probabilities } = await network.predict(indices);
    predictions.probabilities.set(probabilities, first * classes);
    await platform.yield();
    if (signal?.aborted) return undefined;
  }
  const correct = predictedClasses(predictions).filter(
    (predicted, row) => predicted === predictions.labels[row],
  );
  return { loss: crossEntropy(predictions), accuracy: correct.length / count };
}

/**
 * @throws UsageError where epochs or batch size aren't whole numbers of 1 or more.
 * @throws HeddleError where a batch is larger than the training part.
 */
export function checkTrainingSizes(options: Pick<TrainLoopOptions, "epochs" | "batchSize" | "split">): void {
  const { epochs, batchSize, split } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new UsageError(`epochs is ${epochs}; it must be a whole number, 1 or more.`);
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new UsageError(`The batch size is ${batchSize}; it must be a whole number, 1 or more.`);
  }
  if (batchSize > split.train.length) {
    throw new HeddleError(
      `The batch size is ${batchSize}, but only ${split.train.length} images train; take a batch size of at most ${split.train.length}, or more images.`,
    );
  }
}
