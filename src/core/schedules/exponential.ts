import { defineSchedule, factor, notNegative, positive, totalSteps } from "./schedule.js";

const decaySteps = {
  meaning: "steps that make p = 1 (default: all steps of the run)",
  ...positive,
};

/**
 * α = α₀ · decay^p with p = step / decaySteps: the paper's Equation 7 in the field's first form. By its
 * defaults it ends at a tenth of α₀.
 */
export const exponentialDefinition = defineSchedule<"decay" | "decaySteps">({
  name: "exponential",
  equation: "α = α₀ · decay^p, p = step / decaySteps",
  parameters: {
    decay: { meaning: "factor for each decaySteps", default: 0.1, ...factor },
    decaySteps,
  },
  curve: (values, position) =>
    values.learningRate * values.decay! ** (position.step / (values.decaySteps ?? totalSteps(position))),
});

/**
 * α = α₀ · e^(−decay · p) with p = step / decaySteps: Equation 7 in the field's second form, the one that the
 * paper's Figure 2 draws. By its defaults (decay = ln 10) it ends at a tenth of α₀.
 */
export const naturalExponentialDefinition = defineSchedule<"decay" | "decaySteps">({
  name: "natural-exponential",
  equation: "α = α₀ · e^(−decay · p), p = step / decaySteps",
  parameters: {
    decay: { meaning: "how fast the rate falls", default: Math.LN10, ...notNegative },
    decaySteps,
  },
  curve: (values, position) =>
    values.learningRate *
    Math.exp((-values.decay! * position.step) / (values.decaySteps ?? totalSteps(position))),
});
