import type { TrainEvent } from "../../core/training/events.js";
import { percent } from "../../core/words.js";
import type { TrialPlan } from "../../study/study.js";
import type { Terminal } from "../terminal.js";

/** Shows how far trials have come that train at once: on a terminal a live line each, elsewhere a line an epoch. */
export class RunningTrials {
  readonly #terminal: Pick<Terminal, "live" | "liveLine" | "stderr">;
  readonly #lines = new Map<string, string>();
  /** The most that trained at once so far. */
  #most = 1;

  constructor(terminal: Pick<Terminal, "live" | "liveLine" | "stderr">) {
    this.#terminal = terminal;
  }

  begin({ id }: TrialPlan): void {
    this.#lines.set(id, `${id}: begins`);
    this.#most = Math.max(this.#most, this.#lines.size);
    this.#draw();
  }

  show({ id, settings }: TrialPlan, event: TrainEvent): void {
    if (event.event !== "epoch") return;
    const validation = percent(event.validationAccuracy);
    const line = `${id}: epoch ${event.epoch}/${settings.epochs}, validation ${validation}`;
    if (!this.#terminal.live) this.#terminal.stderr(line);
    this.#lines.set(id, line);
    this.#draw();
  }

  end({ id }: TrialPlan): void {
    if (this.#lines.delete(id)) this.#draw();
  }

  /** A study's progress, with the time left for as many trials at once as there were. */
  together<Progress extends { readonly secondsLeft?: number }>(progress: Progress): Progress {
    const { secondsLeft } = progress;
    return secondsLeft === undefined ? progress : { ...progress, secondsLeft: secondsLeft / this.#most };
  }

  #draw(): void {
    const [first = "", ...others] = this.#lines.values();
    this.#terminal.liveLine(first, ...others);
  }
}
