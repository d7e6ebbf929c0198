import { defineSchedule } from "./schedule.js";

/** α = α₀ at every step. */
export const constantDefinition = defineSchedule({
  name: "constant",
  equation: "α = α₀",
  parameters: {},
  curve: ({ learningRate }) => learningRate,
});
