import { defineSchedule, factor, positive } from "./schedule.js";

/** α = α₀ · decay^⌊epoch / decayEpochs⌋: falls by a factor every few epochs, epochs counted from 0. */
export const stepDefinition = defineSchedule<"decay" | "decayEpochs">({
  name: "step",
  equation: "α = α₀ · decay^⌊epoch / decayEpochs⌋",
  parameters: {
    decay: { meaning: "factor of each fall", default: 0.5, ...factor },
    decayEpochs: {
      meaning: "epochs between falls (default: a quarter of the run, so that it ends at an eighth)",
      ...positive,
    },
  },
  curve({ learningRate, decay, decayEpochs }, { step, stepsPerEpoch, epochs }) {
    const epoch = Math.floor(step / stepsPerEpoch);
    return learningRate * decay! ** Math.floor(epoch / (decayEpochs ?? Math.ceil(epochs / 4)));
  },
});
