import type { StandOnProgress } from "../../core/transfer/index.js";
import { counted, percent } from "../../core/words.js";
import type { BodyRecord } from "../../run/body-record.js";
import type { Terminal } from "../terminal.js";

const secondsBetween = 10;

/** What goes on before a run on a body trains: a live line on a terminal, a line every ten seconds elsewhere. */
export function beginningLines({
  live,
  liveLine,
  stderr,
}: Pick<Terminal, "live" | "liveLine" | "stderr">): (progress: StandOnProgress) => void {
  let next = 0;
  let doing = "";
  return (progress) => {
    const { done, count } = progress;
    const now = performance.now();
    const isLast = done === count;
    if (live) {
      liveLine(isLast ? "" : words(progress));
      if (!isLast) return;
    } else if (!isLast && doing === progress.doing && now < next) return;
    doing = progress.doing;
    next = now + secondsBetween * 1000;
    stderr(words(progress));
  };
}

const words = ({ doing, done, count }: StandOnProgress): string =>
  doing === "features"
    ? `Features of the body: ${counted(done)} of ${counted(count)} images`
    : `Head on the features: ${done} of ${count} trainings`;

/** What a head came to on images that it was not trained on, before the body trains too. */
export function headWords({ name, head: { trials, weightDecay, dropoutRate } }: BodyRecord): string {
  const best = trials.find((trial) => trial.weightDecay === weightDecay && trial.dropoutRate === dropoutRate);
  if (!best) return `A head on the features of ${name}`;
  return `A head on the features of ${name}: ${percent(best.accuracy, 1)} by cross-validation, with a weight decay of ${weightDecay} and ${dropoutRate === 0 ? "no dropout" : `a dropout of ${dropoutRate}`}`;
}
