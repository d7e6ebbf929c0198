import { aboutTime, clock, duration, plural } from "../../core/words.js";
import { type StudyProgress, secondsAtOnce, type TrialProgress } from "../../study/study.js";
import type {
  Configuration,
  ConfigurationResult,
  SweepEvent,
  SweepSpec,
  SweepTrial,
} from "../../sweep/index.js";
import { pathNames, type ScoreWords, scoreWords, valueWords } from "../../sweep/page/words.js";
import { scoreOf } from "../../sweep/score.js";
import type { Terminal } from "../terminal.js";
import { warningLine } from "./paint.js";
import { plainTable } from "./plain-table.js";

type Screen = Pick<Terminal, "live" | "liveLine" | "stdout" | "stderr" | "errorColour">;

/** A trial on the screen. */
interface Shown {
  readonly trial: SweepTrial;
  readonly epochs: number;
  /** More is better; undefined before its first epoch. */
  readonly score?: number;
}

/** Shows a sweep: a line on stdout for each trial that ended, and on a terminal what trains now, written over. */
export class SweepProgress {
  readonly #screen: Screen;
  readonly #words: ScoreWords;
  readonly #optimize: SweepSpec["optimize"];
  readonly #names: ReadonlyMap<string, string>;
  readonly #running = new Map<string, Shown>();
  #best: ConfigurationResult | undefined;
  /** The most trials that trained at once so far. */
  #atOnce = 1;
  #progress: StudyProgress<SweepTrial> | undefined;

  constructor(screen: Screen, { vary, list, optimize }: SweepSpec) {
    this.#screen = screen;
    this.#optimize = optimize;
    this.#words = scoreWords(optimize);
    const ofList = new Set(list.flatMap(({ settings }) => Object.keys(settings)));
    this.#names = pathNames([...vary.flatMap(({ paths }) => paths), ...ofList]);
  }

  show(event: SweepEvent): void {
    switch (event.event) {
      case "warning":
        this.#warn(event.message);
        break;
      case "plan":
        this.#progress = event.progress;
        this.#screen.stderr(sweepLine(event.progress, this.#atOnce));
        break;
      case "trial":
        this.#progress = event.progress;
        this.#running.set(event.trial.id, {
          trial: event.trial,
          epochs: epochsDone(event.progress, event.trial),
        });
        this.#atOnce = Math.max(this.#atOnce, this.#running.size);
        if (!this.#screen.live) this.#screen.stderr(`${event.trial.id} …`);
        break;
      case "checkpoint":
        for (const reason of event.passedOver) this.#warn(reason, `${event.trial.id}: `);
        break;
      case "training":
        this.#train(event);
        break;
      case "done":
        this.#done(event);
        break;
      case "results":
        this.#best = event.results.best;
        break;
      case "failed":
        this.#running.delete(event.trial.id);
        this.#progress = event.progress;
        this.#screen.stdout(`${event.trial.id}: set aside: ${event.failure.message}`);
        break;
    }
    this.#draw();
  }

  #train({ trial, training }: Extract<SweepEvent, { event: "training" }>): void {
    if (training.event === "warning") this.#warn(training.message, `${trial.id}: `);
    if (training.event !== "epoch") return;
    const { score = Number.NEGATIVE_INFINITY } = this.#running.get(trial.id) ?? {};
    const now = this.#optimize === "validationLoss" ? -training.validationLoss : training.validationAccuracy;
    this.#running.set(trial.id, { trial, epochs: training.epoch, score: Math.max(score, now) });
  }

  #done({ trial, record, progress }: Extract<SweepEvent, { event: "done" }>): void {
    this.#running.delete(trial.id);
    this.#progress = progress;
    const { history, outcome, message = "it diverged" } = record;
    const score = scoreOf([record], this.#optimize);
    const epochs = history.at(-1)?.epoch ?? 0;
    const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
    const result =
      score === undefined
        ? `set aside: ${message}`
        : `${this.#words.name} ${this.#words.text(score)}, ${plural(epochs, "epoch")}${outcome === "paused" ? ", paused" : ""}, ${duration(seconds)}`;
    this.#screen.stdout(`${trial.id}: ${result}; ${leftWords(progress, this.#atOnce)}`);
  }

  #warn(message: string, of = ""): void {
    this.#screen.stderr(`${of}${warningLine(this.#screen.errorColour, message)}`);
  }

  #draw(): void {
    if (!this.#screen.live || !this.#progress) return;
    if (this.#running.size === 0) this.#screen.liveLine("");
    else this.#screen.liveLine(...this.#table(this.#progress));
  }

  /** Those that train, the best so far, and how much is left. */
  #table(progress: StudyProgress<SweepTrial>): [string, ...string[]] {
    const rows = [...this.#running.values()].map((shown) => this.#row(shown, this.#leftOf(progress, shown)));
    if (this.#best) rows.push(this.#bestRow(this.#best));
    const columns = [
      { head: "Trial", align: "left" as const },
      ...[...this.#names.values()].map((head) => ({ head, align: "left" as const })),
      { head: "Epochs", align: "right" as const },
      { head: "Validation", align: "right" as const },
      { head: "Left", align: "left" as const },
    ];
    const lines = plainTable(columns, rows).split("\n");
    return [lines[0], ...lines.slice(1), sweepLine(progress, this.#atOnce)];
  }

  #row({ trial, epochs, score }: Shown, left: string): string[] {
    const { id, configuration, settings, until = settings.epochs } = trial;
    const validation = score === undefined ? "" : this.#words.text(score);
    return [id, ...this.#varied(configuration), `${epochs}/${until}`, validation, left];
  }

  #bestRow({ configuration, epochs, score = 0 }: ConfigurationResult): string[] {
    return [
      configuration.name,
      ...this.#varied(configuration),
      String(epochs),
      this.#words.text(score),
      "the best",
    ];
  }

  #varied({ varied }: Configuration): string[] {
    return [...this.#names.keys()].map((path) => valueWords(varied[path]));
  }

  #leftOf({ trials }: StudyProgress<SweepTrial>, { trial, epochs }: Shown): string {
    const own = trials.find(({ plan }) => plan.id === trial.id);
    if (!own?.secondsLeft || own.epochsLeft === 0) return "";
    const { until = trial.settings.epochs } = trial;
    return clock((own.secondsLeft / own.epochsLeft) * (until - epochs));
  }
}

const epochsDone = ({ trials }: StudyProgress<SweepTrial>, { id }: SweepTrial): number =>
  trials.find(({ plan }) => plan.id === id)?.epochsDone ?? 0;

/** `20 trials: 3 done, 1 begun, 1 set aside, 15 open; 86 epochs left, about 3 min` */
export function sweepLine(progress: StudyProgress<SweepTrial>, parallel: number): string {
  const { trials, undecided } = progress;
  const later = undecided.reduce((sum, part) => sum + part.count, 0);
  const numberOf = (state: TrialProgress["state"]): number =>
    trials.filter((trial) => trial.state === state).length;
  const some = (count: number, words: string): string[] => (count > 0 ? [`${count} ${words}`] : []);
  const parts = [
    `${numberOf("done")} done`,
    ...some(numberOf("begun"), "begun"),
    ...some(numberOf("failed"), "set aside"),
    ...some(numberOf("open"), "open"),
    ...some(later, "to go on"),
  ];
  return `${plural(trials.length, "trial")}: ${parts.join(", ")}; ${leftWords(progress, parallel)}`;
}

/** Of all trials together, so many at once. */
function leftWords(progress: StudyProgress<SweepTrial>, parallel: number): string {
  const { epochsLeft } = progress;
  if (epochsLeft === 0) return "none left";
  return `${plural(epochsLeft, "epoch")} left, ${aboutTime(secondsAtOnce(progress, parallel))}`;
}

/** Every trial: what it is of, where it stands. */
export function sweepTable({ trials }: StudyProgress<SweepTrial>): string {
  const paths = [...new Set(trials.flatMap(({ plan }) => Object.keys(plan.configuration.varied)))];
  const names = pathNames(paths);
  return plainTable(
    [
      { head: "Trial", align: "left" },
      ...paths.map((path) => ({ head: names.get(path) ?? path, align: "left" as const })),
      { head: "Epochs", align: "right" },
      { head: "State", align: "left" },
    ],
    trials.map(({ plan, state, epochsDone: done }) => [
      plan.id,
      ...paths.map((path) => valueWords(plan.configuration.varied[path])),
      String(plan.until ?? plan.settings.epochs),
      state === "begun" ? `epoch ${done}` : state === "failed" ? "set aside" : state,
    ]),
  );
}
