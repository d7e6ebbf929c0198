import { cos } from "../math/index.js";
import { number } from "../options/index.js";
import { defineSchedule, fractionDone } from "./schedule.js";

/** Half a cosine wave from one rate to another, `share` 0 … 1 of the way. */
const anneal = (from: number, to: number, share: number): number =>
  to + (from - to) * 0.5 * (1 + cos(Math.PI * share));

/**
 * Up from α₀ / startDivisor to α₀ over the first part of the run, then down to a rate far below the first,
 * both ways along half a cosine wave (Smith and Topin 2018; the cosine instead of their straight lines is
 * what later became usual). α₀ is the peak.
 */
export const oneCycleDefinition = defineSchedule({
  name: "one-cycle",
  equation: "α from α₀ / startDivisor up to α₀ at peakAt, then down to α₀ / (startDivisor · endDivisor)",
  parameters: {
    peakAt: {
      meaning: "share of the run at which the rate peaks",
      kind: number({ above: 0, below: 1 }),
      default: 0.3,
    },
    startDivisor: { meaning: "the peak over the first rate", kind: number({ from: 1 }), default: 25 },
    endDivisor: { meaning: "the first rate over the last", kind: number({ from: 1 }), default: 10_000 },
  },
  curve({ learningRate, peakAt, startDivisor, endDivisor }, position) {
    const done = fractionDone(position);
    const first = learningRate / startDivisor;
    return done < peakAt
      ? anneal(first, learningRate, done / peakAt)
      : anneal(learningRate, first / endDivisor, (done - peakAt) / (1 - peakAt));
  },
});
