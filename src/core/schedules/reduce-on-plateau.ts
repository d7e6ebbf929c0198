import { pow } from "../math/index.js";
import { number, wholeNumber } from "../options/index.js";
import { improves } from "./improvement.js";
import { defineSchedule } from "./schedule.js";

/**
 * α = α₀ · factor^k, k the plateaus so far: each `patience` epochs in a row in which the validation loss comes no
 * more than minDelta below that of the last improvement. They are counted as Keras does: after a plateau they begin anew.
 */
export const reduceOnPlateauDefinition = defineSchedule({
  name: "reduce-on-plateau",
  equation: "α = α₀ · factor^k, k = plateaus of the validation loss so far",
  followsValidation: true,
  parameters: {
    factor: {
      meaning: "factor of each fall",
      kind: number({ above: 0, below: 1 }),
      default: 0.1,
    },
    patience: {
      meaning: "epochs in a row without an improvement that make a plateau",
      kind: wholeNumber({ from: 1 }),
      default: 10,
    },
    minDelta: {
      meaning:
        "the validation loss must fall by more than this below that of the last improvement to count as one",
      kind: number({ from: 0 }),
      default: 1e-4,
    },
  },
  curve({ learningRate, factor, patience, minDelta }, { validation = [] }) {
    let best: number | undefined;
    let without = 0;
    let plateaus = 0;
    for (const figures of validation) {
      without++;
      if (improves(figures, best, { monitor: "validationLoss", minDelta })) {
        best = figures.validationLoss;
        without = 0;
      } else if (without === patience) {
        plateaus++;
        without = 0;
      }
    }
    return learningRate * pow(factor, plateaus);
  },
});
