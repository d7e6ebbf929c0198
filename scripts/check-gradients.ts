// How exact the gradients of one training step are, beside PyTorch's own in float32, both against PyTorch in float64:
//   python3 -m venv FOLDER && FOLDER/bin/pip install torch numpy
//   npm run build && node dist/scripts/check-gradients.js FOLDER/bin/python [network …]
// The same first weights and images of Fashion-MNIST on both sides, without dropout. Without names, every model by name
// and small networks that have every layer between them, into results/gradients.json; wanted is an error of at most twice
// PyTorch's.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph } from "#heddle/core/graph/index.js";
import { loadDataset, modelDefinitions, modelNames, withoutDropout } from "#heddle/node/index.js";
import { chosen } from "./arguments.js";
import { describeMachine } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { stepOf } from "./check-gradients/batch.js";
import { type BatchErrors, type ComparedModel, compared } from "./check-gradients/compared.js";
import { layerGraphs } from "./check-gradients/layer-graphs.js";

const [python = "python3", ...asked] = process.argv.slice(2);
const batchSize = 32;
const batches = 5;
const program = fileURLToPath(new URL("../../scripts/check-gradients/pytorch.py", import.meta.url));
const { dataset } = await loadDataset("fashion-mnist");
const { imageShape, classNames } = dataset;
const graphs = {
  models: Object.fromEntries(
    modelNames.map((name) => [
      name,
      withoutDropout(modelDefinitions[name]).graph(imageShape, classNames.length),
    ]),
  ),
  layers: layerGraphs(imageShape, classNames.length),
};
const networks = chosen(asked, Object.keys({ ...graphs.models, ...graphs.layers }));
const folder = mkdtempSync(join(tmpdir(), "heddle-gradients-"));
let pytorch = "";

/** A network's steps, ours and PyTorch's. */
async function check(name: string, graph: Graph): Promise<ComparedModel> {
  const lines: string[] = [];
  const files: string[] = [];
  for (let number = 1; number <= batches; number++) {
    const file = join(folder, `${number}.bin`);
    files.push(file);
    lines.push(JSON.stringify(await stepOf(graph, dataset, { batchSize, number, file })));
  }
  const { status, stdout } = spawnSync(python, [program], {
    input: lines.join("\n"),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${python} ${program} failed at ${name}.`);
  for (const file of files) rmSync(file);
  const results = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as BatchErrors & { readonly pytorch: string });
  pytorch = results[0].pytorch;
  const model = compared(name, results);
  console.log(
    `${name}: ${model.tensors.length} tensors, error at most ${model.worst.ours.toExponential(1)} (PyTorch's ` +
      `${model.worst.pytorch.toExponential(1)}), at most ${model.worst.ratio.toFixed(2)} times PyTorch's, ` +
      `${model.beyondTwice} beyond twice`,
  );
  return model;
}

try {
  const [models, layers] = [[], []] as [ComparedModel[], ComparedModel[]];
  for (const [into, from] of [
    [models, graphs.models],
    [layers, graphs.layers],
  ] as const)
    for (const [name, graph] of Object.entries(from))
      if (networks.includes(name)) into.push(await check(name, graph));
  if (asked.length === 0) {
    const command = "node dist/scripts/check-gradients.js PYTHON";
    const content = { environment: describeMachine(), command, pytorch, batchSize, batches, models, layers };
    console.log(writeResult("gradients.json", content));
  }
} finally {
  rmSync(folder, { recursive: true });
}
