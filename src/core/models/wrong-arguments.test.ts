import { describe } from "node:test";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import { modelDefinitions, modelNames } from "./index.js";

describe("models", () => {
  itRefusesWrongArguments(
    Object.fromEntries(
      modelNames.map((name) => [
        name,
        fuzzed({
          call: modelDefinitions[name].graph,
          args: [[28, 28, 1], 10],
          // Sizes that no memory holds are sizes all the same: who builds the model refuses them.
          holds: ({ nodes }) => nodes.length > 2 && nodes.at(-1)?.shape.length === 1,
        }),
      ]),
    ),
  );
  itRefusesWrongArguments({
    layers: fuzzed({
      call: modelDefinitions.proposed.layers,
      args: [[28, 28, 1], 10],
      holds: (layers) => layers.length > 2 && layers.at(-1)?.name === "output",
    }),
  });
});
