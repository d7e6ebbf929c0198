// How exact the gradients of one training step are, beside PyTorch's own in float32, both against PyTorch in float64:
//   python3 -m venv FOLDER && FOLDER/bin/pip install torch numpy
//   npm run build && node dist/scripts/check-gradients.js FOLDER/bin/python [model …]
// The same first weights and images of Fashion-MNIST on both sides, without dropout. Without models, all of them, into
// results/gradients.json; wanted is an error of at most twice PyTorch's.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadDataset, modelDefinitions, modelNames } from "#heddle/node/index.js";
import { describeMachine } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { stepOf } from "./check-gradients/batch.js";
import { type BatchErrors, compared } from "./check-gradients/compared.js";

const [python = "python3", ...asked] = process.argv.slice(2);
const unknown = asked.filter((name) => !modelNames.some((known) => known === name));
if (unknown.length > 0) throw new Error(`There is no model ${unknown.join(", ")}.`);
const names = asked.length > 0 ? modelNames.filter((name) => asked.includes(name)) : modelNames;
const batchSize = 32;
const batches = 5;
const program = fileURLToPath(new URL("../../scripts/check-gradients/pytorch.py", import.meta.url));
const { dataset } = await loadDataset("fashion-mnist");
const folder = mkdtempSync(join(tmpdir(), "heddle-gradients-"));
const models = [];
let pytorch = "";
try {
  for (const name of names) {
    const lines: string[] = [];
    for (let number = 1; number <= batches; number++) {
      const file = join(folder, `${name}-${number}.bin`);
      lines.push(JSON.stringify(await stepOf(modelDefinitions[name], dataset, { batchSize, number, file })));
    }
    const { status, stdout } = spawnSync(python, [program], {
      input: lines.join("\n"),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "inherit"],
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`${python} ${program} failed at ${name}.`);
    const results = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as BatchErrors & { readonly pytorch: string });
    pytorch = results[0].pytorch;
    const model = compared(name, results);
    models.push(model);
    console.log(
      `${name}: ${model.tensors.length} tensors, error at most ${model.worst.ours.toExponential(1)} (PyTorch's ` +
        `${model.worst.pytorch.toExponential(1)}), at most ${model.worst.ratio.toFixed(2)} times PyTorch's, ` +
        `${model.beyondTwice} beyond twice`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (asked.length === 0) {
  const command = "node dist/scripts/check-gradients.js PYTHON";
  const content = { environment: describeMachine(), command, pytorch, batchSize, batches, models };
  console.log(writeResult("gradients.json", content));
}
