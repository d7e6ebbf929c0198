import { exp } from "../math/index.js";
import { number } from "../options/index.js";
import { defineSchedule, fractionDone } from "./schedule.js";

/**
 * α = α₀ · (ρ + (1 − ρ) · e^(−decay · p)), p the share of all steps done, kept in [min, max]: the paper's
 * Algorithm 1 as reconstructed here, the body of which its text lacks.
 *
 * What the text says: α₀ is set, the number of global steps follows from the batch size, the attenuation
 * amplitude ρ is initialised; then each batch computes dr, the decay and the rate, which stays in its range.
 * Figure 2 draws a natural exponential from 0.1 that is flat near 0.01, and the conclusion says that the rate
 * follows from the batch size.
 *
 * What was reconstructed:
 * - p = step / (all steps of the run). The number of steps is what the batch size decides, so dividing by it
 *   is the reading in which batch 32 and batch 512 see the same curve an epoch.
 * - ρ = 0.1 as the floor that the rate settles at. A plain e^(−dr · p) has no floor; Figure 2 levels out at a
 *   tenth of its start.
 * - decay = 5, the paper's dr: e⁻⁵ < 0.01, so the run ends within a tenth of that floor.
 */
export const dynamicDefinition = defineSchedule({
  name: "dynamic",
  equation: "α = α₀ · (ρ + (1 − ρ) · e^(−decay · p)), p = share of all steps done",
  parameters: {
    decay: { meaning: "how fast the rate settles, the paper's dr", kind: number({ from: 0 }), default: 5 },
    rho: {
      meaning: "share of α₀ that the rate settles at, the paper's ρ",
      kind: number({ from: 0, to: 1 }),
      default: 0.1,
    },
  },
  curve: ({ learningRate, decay, rho }, position) =>
    learningRate * (rho + (1 - rho) * exp(-decay * fractionDone(position))),
});
