import { UsageError } from "../../core/errors.js";
import { summarize as summarizeGraph } from "../../core/graph/index.js";
import { modelDefinitions, modelNames } from "../../core/models/index.js";
import { type PlannedMemory, summarize } from "../../core/training/summarize.js";
import { summaryText } from "../../core/training/summary-text.js";
import { counted, mebibytes, plural } from "../../core/words.js";
import { usableProcessors } from "../../node/processors.js";
import { chooseName } from "../arguments.js";
import { plainTable } from "../view/plain-table.js";
import { wrapped } from "../view/wrapped.js";
import type { CommandOutput } from "./output.js";

/** Fashion-MNIST's: what the paper's tables are for. */
const inputShape = [28, 28, 1];
const classes = 10;

/** WebAssembly's addresses end here. */
const mostBytes = 2 ** 32;

export interface ModelsCommandOptions {
  readonly name?: string;
  /** Images a step that memory is planned for (default 128). */
  readonly batchSize?: number;
}

/** Lists the models, or shows one: its layers, its memory, and why it is built so where its source leaves it open. */
export function modelsCommand(options: ModelsCommandOptions, out: CommandOutput): void {
  const { name, batchSize = 128 } = options;
  if (name === undefined) {
    if (options.batchSize !== undefined)
      throw new UsageError("--batch-size is of one model: heddle models NAME --batch-size 64.");
    out.stdout(overview());
    out.stdout("");
    out.stdout("`heddle models NAME` shows a model's layers.");
    return;
  }
  const definition = modelDefinitions[chooseName("model", name, modelNames)];
  const graph = definition.graph(inputShape, classes);
  const { memory, ...summary } = summarize(graph, { batchSize, threads: usableProcessors() });
  out.stdout(summaryText(definition.title, summary));
  out.stdout("");
  for (const line of wrapped(memoryText(memory), 80)) out.stdout(line);
  out.stdout("");
  for (const line of wrapped(definition.why, 80)) out.stdout(line);
}

function memoryText({ batchSize, threads, training, inference, inferenceBatchSize }: PlannedMemory): string {
  const tooMuch = training > mostBytes ? ", more than the 4 GiB that there can be" : "";
  const atOnce = inferenceBatchSize < batchSize ? `, ${counted(inferenceBatchSize)} at once` : "";
  return (
    `Memory on ${plural(threads, "thread")}: ${mebibytes(training)} to train by adam in steps of ` +
    `${plural(batchSize, "image")}${tooMuch}; ${mebibytes(inference)} to predict as many${atOnce}.`
  );
}

function overview(): string {
  const rows = modelNames.map((name) => {
    const { title, graph } = modelDefinitions[name];
    const { parameters, multiplyAdds } = summarizeGraph(graph(inputShape, classes));
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
