import type { AuditEvent } from "../../core/audit/audit-options.js";
import { clock, counted, percent } from "../../core/words.js";
import type { Terminal } from "../terminal.js";
import { warningLine } from "./paint.js";

/** Milliseconds between two states of a live line, and between two lines where there is none. */
const liveInterval = 60;
const plainInterval = 10_000;

/** Shows on stderr how far an audit is: a live line on a terminal, plain lines elsewhere, a kept line a fold. */
export class AuditProgress {
  #lastShown: number;

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#lastShown = now();
  }

  show(event: AuditEvent): void {
    if (event.event === "duplicates") {
      this.#line(`Looking for duplicates: ${counted(event.done)} of ${counted(event.count)} images`);
      return;
    }
    const place = `Fold ${event.fold + 1} of ${event.folds}`;
    if (event.event === "head") {
      this.#line(`${place}: head ${event.done} of ${event.count}`);
      return;
    }
    const { training } = event;
    if (training.event === "start") {
      this.#keep(
        `${place}: learning from ${counted(training.trainImages)} images, ${training.epochs} epochs`,
      );
    } else if (training.event === "step") {
      const { epoch, step, stepsPerEpoch, trainAccuracy, secondsLeft } = training;
      this.#line(
        `${place}  epoch ${epoch}, step ${step}/${stepsPerEpoch}  accuracy ${percent(trainAccuracy, 1)}  ${clock(secondsLeft)} left of this fold`,
      );
    } else if (training.event === "warning") {
      this.#keep(warningLine(this.terminal.errorColour, training.message));
    }
  }

  /** How many of the images a body has seen. */
  features(done: number, count: number): void {
    this.#line(`Features of the body: ${counted(done)} of ${counted(count)} images`);
  }

  #line(text: string): void {
    const { live, liveLine, stderr } = this.terminal;
    if (this.now() - this.#lastShown < (live ? liveInterval : plainInterval)) return;
    this.#lastShown = this.now();
    if (live) liveLine(text);
    else stderr(text);
  }

  #keep(text: string): void {
    this.#lastShown = this.now();
    this.terminal.stderr(text);
  }
}
