import { number } from "../options/index.js";
import { defineSchedule } from "./schedule.js";

/**
 * α = α₀ / (1 + decay · epoch), epochs counted from 0: inverse-time decay as the paper's Equation 6 has it.
 * The text before that equation writes it over training rounds t; the equation itself, and so this schedule,
 * moves once an epoch.
 */
export const inverseTimeDefinition = defineSchedule({
  name: "inverse-time",
  equation: "α = α₀ / (1 + decay · epoch)",
  parameters: {
    decay: {
      meaning: "how fast the rate falls",
      kind: number({ from: 0 }),
      otherwise: "9 / epochs, a tenth after the last epoch",
    },
  },
  curve({ learningRate, decay }, { step, stepsPerEpoch, epochs }) {
    const epoch = Math.floor(step / stepsPerEpoch);
    return learningRate / (1 + (decay ?? 9 / epochs) * epoch);
  },
});
