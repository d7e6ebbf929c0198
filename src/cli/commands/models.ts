import { summarize } from "../../core/graph/index.js";
import { modelDefinitions, modelNames } from "../../core/models/index.js";
import { summaryText } from "../../core/training/summary-text.js";
import { counted } from "../../core/words.js";
import { chooseName } from "../arguments.js";
import { plainTable } from "../view/plain-table.js";
import { wrapped } from "../view/wrapped.js";
import type { CommandOutput } from "./output.js";

/** Fashion-MNIST's: what the paper's tables are for. */
const inputShape = [28, 28, 1];
const classes = 10;

/** Lists the models, or shows one: its layers, and why it is built so where the paper leaves it open. */
export function modelsCommand(options: { readonly name?: string }, out: CommandOutput): void {
  if (options.name === undefined) {
    out.stdout(overview());
    out.stdout("");
    out.stdout("`heddle models NAME` shows a model's layers.");
    return;
  }
  const definition = modelDefinitions[chooseName("model", options.name, modelNames)];
  out.stdout(summaryText(definition.title, summarize(definition.graph(inputShape, classes))));
  out.stdout("");
  for (const line of wrapped(definition.why, 80)) out.stdout(line);
}

function overview(): string {
  const rows = modelNames.map((name) => {
    const { title, graph } = modelDefinitions[name];
    const { parameters, multiplyAdds } = summarize(graph(inputShape, classes));
    return [name, title, counted(parameters), counted(multiplyAdds)];
  });
  return plainTable(
    [
      { head: "Name", align: "left" },
      { head: "Model", align: "left" },
      { head: "Parameters", align: "right" },
      { head: "Multiply-adds an image", align: "right" },
    ],
    rows,
  );
}
