import type { EndEvent, EpochEvent, StartEvent, StepEvent, TrainEvent } from "../../core/training/events.js";
import { clock, counted, figure, mebibytes, percent, plural } from "../../core/words.js";
import type { Terminal } from "../terminal.js";
import { type Painter, painter, warningLine } from "./paint.js";

/** Milliseconds between two lines about steps where there is no live line, and between two states of that. */
const plainInterval = 10_000;
const liveInterval = 60;

/** Shows a training run on stderr: a live line on a terminal, plain lines elsewhere, a kept line an epoch. */
export class TrainingProgress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #epochs = 0;
  #lastShown = 0;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
    this.#lastShown = now();
  }

  show(event: TrainEvent): void {
    switch (event.event) {
      case "start":
        this.#epochs = event.epochs;
        this.#keep(startLine(event));
        break;
      case "step":
        this.#step(event);
        break;
      case "epoch":
        this.#keep(this.#epochLine(event));
        break;
      case "warning":
        this.#keep(warningLine(this.#terminal.errorColour, event.message));
        break;
      case "end":
        this.#terminal.liveLine("");
        if (event.reason === "stopped early") this.#keep(stoppedLine(event, this.#epochs));
        break;
    }
  }

  #step(event: StepEvent): void {
    const interval = this.#terminal.live ? liveInterval : plainInterval;
    if (this.#now() - this.#lastShown < interval) return;
    this.#lastShown = this.#now();
    const line = this.#stepLine(event);
    if (this.#terminal.live) this.#terminal.liveLine(line);
    else this.#terminal.stderr(line);
  }

  #keep(line: string): void {
    this.#lastShown = this.#now();
    this.#terminal.stderr(line);
  }

  #stepLine(event: StepEvent): string {
    const { epoch, step, stepsPerEpoch, trainLoss, trainAccuracy, imagesPerSecond, secondsLeft } = event;
    const line = (place: string): string =>
      [
        `Epoch ${epoch}/${this.#epochs}`,
        `${place}${step}/${stepsPerEpoch}`,
        `loss ${figure(trainLoss)}`,
        `accuracy ${percent(trainAccuracy, 1)}`,
        `${counted(Math.round(imagesPerSecond))} images/s`,
        `${clock(secondsLeft)} left`,
      ].join("  ");
    const drawn = line(`${bar(step / stepsPerEpoch)} `);
    if (this.#terminal.live && drawn.length <= this.#terminal.liveWidth()) return drawn;
    return line(this.#terminal.live ? "" : "step ");
  }

  /** In words, or in short where they don't fit the terminal. */
  #epochLine(event: EpochEvent): string {
    const { live, liveWidth, errorColour } = this.#terminal;
    const validated = !Number.isNaN(event.validationLoss);
    const line = (paint: Painter, isShort: boolean): string => {
      const validationAccuracy = paint("bold", percent(event.validationAccuracy));
      return [
        `Epoch ${event.epoch}/${this.#epochs}`,
        `loss ${figure(event.trainLoss)}`,
        ...(!validated
          ? [`accuracy ${percent(event.trainAccuracy)}`]
          : isShort
            ? [`validation ${figure(event.validationLoss)}`, validationAccuracy]
            : [
                `accuracy ${percent(event.trainAccuracy)}`,
                `validation loss ${figure(event.validationLoss)}`,
                `accuracy ${validationAccuracy}`,
              ]),
        `rate ${event.learningRate.toPrecision(3)}`,
        `${event.seconds.toFixed(1)} s${event.best && validated ? paint("green", isShort ? "  best" : "  best so far") : ""}`,
      ].join("  ");
    };
    const isShort = live && line(painter(false), false).length > liveWidth();
    return line(painter(errorColour), isShort);
  }
}

function startLine(event: StartEvent): string {
  const judged = event.judged ? " by the average of the weights" : "";
  const validating =
    event.validationImages === 0 ? "none validates" : `${counted(event.validationImages)} validate`;
  const arithmetic = event.relaxedSimd ? "" : ", plain multiply and add (no relaxed SIMD)";
  const vectors = event.vectorBits === 256 ? ", 256-bit vectors" : "";
  return (
    `${counted(event.parameters)} parameters; ${counted(event.trainImages)} images train, ` +
    `${validating}${judged}; ${plural(event.stepsPerEpoch, "step")} of ${event.batchSize} an epoch; ` +
    `${plural(event.threads, "thread")}, ${mebibytes(event.arenaBytes)} planned${vectors}${arithmetic}`
  );
}

function stoppedLine({ epochsDone, bestEpoch }: EndEvent, epochs: number): string {
  return `Stopped early, after epoch ${epochsDone} of ${epochs}, without an improvement for long enough; the best was epoch ${bestEpoch}`;
}

function bar(share: number): string {
  const width = 20;
  const full = Math.round(share * width);
  return "━".repeat(full) + "─".repeat(width - full);
}
