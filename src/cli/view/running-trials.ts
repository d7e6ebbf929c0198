import type { TrainEvent } from "../../core/training/events.js";
import { percent } from "../../core/words.js";
import type { TrialPlan } from "../../study/study.js";
import type { Terminal } from "../terminal.js";
import { warningLine } from "./paint.js";

type Screen = Pick<Terminal, "live" | "liveLine" | "stderr" | "errorColour">;

/**
 * Shows how far trials have come that train at once: on a terminal a live line each, elsewhere a line an epoch. What
 * else is printed wipes the live lines off: `draw` puts them back.
 */
export class RunningTrials {
  readonly #terminal: Screen;
  readonly #lines = new Map<string, string>();

  constructor(terminal: Screen) {
    this.#terminal = terminal;
  }

  begin({ id }: TrialPlan): void {
    this.#lines.set(id, `${id}: begins`);
  }

  show({ id, settings }: TrialPlan, event: TrainEvent): void {
    if (event.event === "warning")
      this.#terminal.stderr(`${id}: ${warningLine(this.#terminal.errorColour, event.message)}`);
    else if (event.event === "epoch") {
      const validation = percent(event.validationAccuracy);
      const line = `${id}: epoch ${event.epoch}/${settings.epochs}, validation ${validation}`;
      if (!this.#terminal.live) this.#terminal.stderr(line);
      this.#lines.set(id, line);
    } else if (event.event === "end" && event.reason === "finished")
      this.#lines.set(id, `${id}: judging the best weights …`);
  }

  end({ id }: TrialPlan): void {
    this.#lines.delete(id);
  }

  draw(): void {
    const [first = "", ...others] = this.#lines.values();
    this.#terminal.liveLine(first, ...others);
  }
}
