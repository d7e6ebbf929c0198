import { defineSchedule, fractionDone } from "./schedule.js";

const atLeastOne = {
  expected: "a number of at least 1",
  allows: (value: number): boolean => Number.isFinite(value) && value >= 1,
};

/** Half a cosine wave from one rate to another, `share` 0 … 1 of the way. */
const anneal = (from: number, to: number, share: number): number =>
  to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * share));

/**
 * Up from α₀ / startDivisor to α₀ over the first part of the run, then down to a rate far below the first,
 * both ways along half a cosine wave (Smith and Topin 2018; the cosine instead of their straight lines is
 * what later became usual). α₀ is the peak.
 */
export const oneCycleDefinition = defineSchedule<"peakAt" | "startDivisor" | "endDivisor">({
  name: "one-cycle",
  equation: "α from α₀ / startDivisor up to α₀ at peakAt, then down to α₀ / (startDivisor · endDivisor)",
  parameters: {
    peakAt: {
      meaning: "share of the run at which the rate peaks",
      default: 0.3,
      expected: "a number above 0 and below 1",
      allows: (value) => value > 0 && value < 1,
    },
    startDivisor: { meaning: "the peak over the first rate", default: 25, ...atLeastOne },
    endDivisor: { meaning: "the first rate over the last", default: 10_000, ...atLeastOne },
  },
  curve({ learningRate, peakAt, startDivisor, endDivisor }, position) {
    const done = fractionDone(position);
    const first = learningRate / startDivisor!;
    return done < peakAt!
      ? anneal(first, learningRate, done / peakAt!)
      : anneal(learningRate, first / endDivisor!, (done - peakAt!) / (1 - peakAt!));
  },
});
