import { describe } from "node:test";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import { modelDefinitions, modelNames } from "./index.js";

describe("models", () => {
  itRefusesWrongArguments(
    Object.fromEntries(
      modelNames.map((name) => [
        name,
        fuzzed({
          call: modelDefinitions[name].layers,
          args: [[28, 28, 1], 10],
          // Sizes that no memory holds are sizes all the same: who builds the model refuses them.
          holds: (layers) => layers.length > 2 && layers.at(-1)?.name === "output",
        }),
      ]),
    ),
  );
});
