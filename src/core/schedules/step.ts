import { pow } from "../math/index.js";
import { number } from "../options/index.js";
import { defineSchedule } from "./schedule.js";

/** α = α₀ · decay^⌊epoch / decayEpochs⌋: falls by a factor every few epochs, epochs counted from 0. */
export const stepDefinition = defineSchedule({
  name: "step",
  equation: "α = α₀ · decay^⌊epoch / decayEpochs⌋",
  parameters: {
    decay: { meaning: "factor of each fall", kind: number({ above: 0, to: 1 }), default: 0.5 },
    decayEpochs: {
      meaning: "epochs between falls",
      kind: number({ above: 0 }),
      otherwise: "a quarter of the run, rounded up: three falls in 10 epochs or more",
    },
  },
  curve({ learningRate, decay, decayEpochs }, { step, stepsPerEpoch, epochs }) {
    const epoch = Math.floor(step / stepsPerEpoch);
    return learningRate * pow(decay, Math.floor(epoch / (decayEpochs ?? Math.ceil(epochs / 4))));
  },
});
