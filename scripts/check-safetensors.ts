// Whether PyTorch, with what `heddle export --format safetensors --layout pytorch` writes, gives heddle's logits:
//   python3 -m venv FOLDER && FOLDER/bin/pip install torch numpy safetensors
//   npm run build && node dist/scripts/check-safetensors.js FOLDER/bin/python [network …]
// By scripts/load-safetensors.py, against the plain double-precision network, of images of Fashion-MNIST: models by name,
// and small networks that have every layer between them. Without names, into results/safetensors-export.json.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chainOf, type Graph, graphConfig } from "#heddle/core/graph/index.js";
import { referenceNetwork } from "#heddle/core/kernels/reference/network.js";
import { batchNorm, conv2d, dense, flatten, layerNorm } from "#heddle/core/layers/index.js";
import { createRandom } from "#heddle/core/random.js";
import { initialWeights } from "#heddle/core/training/weights.js";
import {
  type DatasetInMemory,
  exportSafetensors,
  loadDataset,
  modelDefinitions,
} from "#heddle/node/index.js";
import { chosen } from "./arguments.js";
import { describeMachine } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { layerGraphs } from "./check-gradients/layer-graphs.js";

/** One network's logits. */
export interface SafetensorsCheck {
  readonly network: string;
  /** Over the largest logit. */
  readonly largestDifference: number;
}

const images = 16;
const [python = "python3", ...asked] = process.argv.slice(2);
const program = fileURLToPath(new URL("../../scripts/load-safetensors.py", import.meta.url));
const dataset = (await loadDataset("fashion-mnist")).dataset as DatasetInMemory;
const { imageShape, classNames, test } = dataset;
const names = [
  "proposed",
  "cnn",
  "lenet",
  "lstm",
  "bilstm",
  "resNet20",
  "mobileNetSmall",
  "vggSmall",
] as const;
/** Normalizations of what a flatten gave: their vectors lie channel by channel too. */
const behindFlatten = chainOf(
  [
    conv2d({ filters: 6, kernelSize: 3, strides: 3, activation: "relu" }),
    flatten(),
    batchNorm(),
    dense({ units: 20, activation: "tanh" }),
    layerNorm(),
    dense({ units: classNames.length }),
  ],
  imageShape,
);
const graphs: Readonly<Record<string, Graph>> = {
  ...Object.fromEntries(
    names.map((name) => [name, modelDefinitions[name].graph(imageShape, classNames.length)]),
  ),
  ...layerGraphs(imageShape, classNames.length),
  "normalizations behind a flatten": behindFlatten,
};
const networks = chosen(asked, Object.keys(graphs));
const folder = mkdtempSync(join(tmpdir(), "heddle-safetensors-"));
const at = (name: string): string => join(folder, name);
const pixels = test.images.subarray(0, (images * test.images.length) / test.count);
writeFileSync(at("images"), pixels);
let versions = {};
const checks: SafetensorsCheck[] = [];
for (const network of networks) {
  const graph = graphs[network];
  const random = createRandom(1);
  // What begins with one number everywhere, as biases and variances do, would lie right in any order.
  const tensors = initialWeights(graph, 1).map((tensor) =>
    tensor.data.every((value) => value === tensor.data[0])
      ? { ...tensor, data: tensor.data.map((value) => value + 0.1 * Math.tanh(random.normal())) }
      : tensor,
  );
  const normalization = { mean: [0.3], deviation: [0.35] };
  const file = exportSafetensors(
    { layers: graphConfig(graph), inputShape: imageShape, normalization, classNames, tensors },
    { layout: "pytorch" },
  );
  writeFileSync(at("model.safetensors"), file);
  const { status, stdout } = spawnSync(python, [program, at("model.safetensors"), at("images"), at("out")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${python} ${program} failed at ${network}.`);
  versions = JSON.parse(stdout);
  const given = new Float32Array(Uint8Array.from(readFileSync(at("out"))).buffer);
  const entering = Float64Array.from(pixels, (pixel) => (pixel / 255 - 0.3) / 0.35);
  const parameters = new Map(tensors.map(({ name, data }) => [name, data]));
  const wanted = referenceNetwork(graph).forward(parameters, entering, images);
  let [largest, difference] = [0, 0];
  wanted.forEach((value, index) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - given[index]));
  });
  checks.push({ network, largestDifference: difference / largest });
  console.log(JSON.stringify(checks[checks.length - 1]));
}
rmSync(folder, { recursive: true });
if (asked.length === 0) {
  const command = "node dist/scripts/check-safetensors.js PYTHON";
  console.log(
    writeResult("safetensors-export.json", {
      environment: describeMachine(),
      command,
      ...versions,
      images,
      checks,
    }),
  );
}
