import { cos } from "../math/index.js";
import { defineSchedule, fractionDone } from "./schedule.js";

/**
 * α = min + (α₀ − min) · (1 + cos πp) / 2, p the share of all steps done: one half-wave from α₀ down to the
 * least rate (Loshchilov and Hutter 2017, without restarts).
 */
export const cosineDefinition = defineSchedule({
  name: "cosine",
  equation: "α = min + (α₀ − min) · (1 + cos πp) / 2, p = share of all steps done",
  parameters: {},
  curve: ({ learningRate, minLearningRate }, position) =>
    minLearningRate + (learningRate - minLearningRate) * 0.5 * (1 + cos(Math.PI * fractionDone(position))),
});
