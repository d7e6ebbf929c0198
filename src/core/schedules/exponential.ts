import { exp, pow } from "../math/index.js";
import { number } from "../options/index.js";
import { defineSchedule, totalSteps } from "./schedule.js";

const decaySteps = {
  meaning: "steps that make p = 1",
  kind: number({ above: 0 }),
  otherwise: "all steps of the run",
} as const;

/**
 * α = α₀ · decay^p with p = step / decaySteps: the paper's Equation 7 in the field's first form. By its
 * defaults it ends at a tenth of α₀.
 */
export const exponentialDefinition = defineSchedule({
  name: "exponential",
  equation: "α = α₀ · decay^p, p = step / decaySteps",
  parameters: {
    decay: { meaning: "factor for each decaySteps", kind: number({ above: 0, to: 1 }), default: 0.1 },
    decaySteps,
  },
  curve: (values, position) =>
    values.learningRate * pow(values.decay, position.step / (values.decaySteps ?? totalSteps(position))),
});

/**
 * α = α₀ · e^(−decay · p) with p = step / decaySteps: Equation 7 in the field's second form, the one that the
 * paper's Figure 2 draws. By its defaults (decay = ln 10) it ends at a tenth of α₀.
 */
export const naturalExponentialDefinition = defineSchedule({
  name: "natural-exponential",
  equation: "α = α₀ · e^(−decay · p), p = step / decaySteps",
  parameters: {
    decay: { meaning: "how fast the rate falls", kind: number({ from: 0 }), default: Math.LN10 },
    decaySteps,
  },
  curve: (values, position) =>
    values.learningRate * exp((-values.decay * position.step) / (values.decaySteps ?? totalSteps(position))),
});
