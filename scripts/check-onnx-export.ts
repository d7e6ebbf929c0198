// Whether exported networks give in ONNX Runtime, its native build, what they give here, on the whole test set of
// Fashion-MNIST, and whether onnx.checker takes them:
//   python3 -m venv FOLDER && FOLDER/bin/pip install onnx onnxruntime numpy
//   npm run build && node dist/scripts/check-onnx-export.js FOLDER/bin/python [model …]
// Each model is trained a little, so that it tells classes apart and its normalizations have moved. Into
// results/onnx-export.json, model by model: with names, those of others stay as they are.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DatasetInMemory } from "#heddle/core/data/dataset.js";
import {
  chainOf,
  decodeModel,
  dense,
  encodeModel,
  type Graph,
  graphConfig,
  gru,
  loadDataset,
  Model,
  type ModelContents,
  modelDefinitions,
  nodePlatform,
  reshape,
} from "#heddle/node/index.js";
import { modelFromFile } from "#heddle/node/node-model.js";
import { type ExportOnnxOptions, exportOnnx, importOnnx } from "#heddle/onnx/index.js";
import { chosen } from "./arguments.js";
import { describeMachine, refuseOtherMachines } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { readResult } from "./docs/results.js";

/** One model's file in one form. */
export interface ExportCheck {
  readonly model: string;
  readonly form: string;
  /** Of all probabilities. */
  readonly largestDifference: number;
  /** Images whose greatest probability is of another class. */
  readonly otherClass: number;
  /** Of what isn't folded: whether an import predicts the same bytes. */
  readonly sameAfterImport?: boolean;
}

/** results/onnx-export.json, and in it what the runtime says of its versions. */
interface ExportFile extends Readonly<Record<string, unknown>> {
  readonly environment: ReturnType<typeof describeMachine>;
  readonly checks: readonly ExportCheck[];
}

const forms: Readonly<Record<string, ExportOnnxOptions>> = {
  "floats to logits, opset 17": {},
  "bytes to probabilities, folded, opset 22": {
    input: "bytes",
    output: "probabilities",
    foldBatchNorm: true,
    opset: 22,
  },
};

const resultName = "onnx-export.json";
const trainImages = 2000;
const [python = "python3", ...asked] = process.argv.slice(2);
const program = fileURLToPath(new URL("../../scripts/check-onnx-export/runtime.py", import.meta.url));
const dataset = (await loadDataset("fashion-mnist")).dataset as DatasetInMemory;
const { imageShape, classNames, test } = dataset;
const [height, width] = imageShape;
const named = [
  ...(["proposed", "cnn", "lenet", "lstm", "bilstm"] as const),
  ...(["resNet20", "mobileNetSmall", "vggSmall", "airbench", "efficientNetLite0"] as const),
];
const graphs: Readonly<Record<string, () => Graph>> = {
  ...Object.fromEntries(
    named.map((name) => [name, () => modelDefinitions[name].graph(imageShape, classNames.length)]),
  ),
  gru: () =>
    chainOf(
      [
        reshape({ targetShape: [height, width] }),
        gru({ units: 64, returnSequences: true }),
        gru({ units: 64 }),
        dense({ units: classNames.length }),
      ],
      imageShape,
    ),
};
const models = chosen(asked, Object.keys(graphs));
const before = models.length < Object.keys(graphs).length ? readResult<ExportFile>(resultName) : undefined;
if (before) refuseOtherMachines(resultName, before.environment);
const folder = mkdtempSync(join(tmpdir(), "heddle-onnx-export-"));
const images = join(folder, "images");
writeFileSync(images, test.images);

async function trained(graph: Graph): Promise<ModelContents> {
  const model = new Model(graph, { platform: nodePlatform });
  model.compile({ optimizer: "adam", learningRate: 1e-3 });
  await model.fit(dataset, { epochs: 1, batchSize: 64, limit: trainImages });
  const bytes = await model.toBytes();
  await model.dispose();
  return decodeModel(bytes, "the model");
}

async function predicted(contents: ModelContents): Promise<Float32Array> {
  const model = modelFromFile(encodeModel(contents), "the model", { platform: nodePlatform });
  try {
    return await model.predict(test.images);
  } finally {
    await model.dispose();
  }
}

let versions: Readonly<Record<string, string>> = {};

function inRuntime(file: Uint8Array): Float32Array {
  const [model, out] = [join(folder, "model.onnx"), join(folder, "out")];
  writeFileSync(model, file);
  const { status, stdout } = spawnSync(python, [program, model, images, imageShape.join(), out], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${python} ${program} failed.`);
  versions = JSON.parse(stdout) as typeof versions;
  const other = Object.entries(versions).find(([name, version]) => before && before[name] !== version);
  if (other)
    throw new Error(
      `results/${resultName} is of ${other[0]} ${before?.[other[0]]}, and this is ${other[1]}: check all models, without names.`,
    );
  return new Float32Array(Uint8Array.from(readFileSync(out)).buffer);
}

function compared(
  given: Float32Array,
  wanted: Float32Array,
): Pick<ExportCheck, "largestDifference" | "otherClass"> {
  const classes = classNames.length;
  const best = (values: Float32Array, image: number): number => {
    const own = values.subarray(image * classes, (image + 1) * classes);
    return own.indexOf(Math.max(...own));
  };
  let [largestDifference, otherClass] = [0, 0];
  wanted.forEach((value, index) => {
    largestDifference = Math.max(largestDifference, Math.abs(value - given[index]));
  });
  for (let image = 0; image < test.count; image++)
    if (best(given, image) !== best(wanted, image)) otherClass++;
  return { largestDifference, otherClass };
}

async function sameAfterImport(contents: ModelContents, wanted: Float32Array): Promise<boolean> {
  const { normalization } = contents;
  const { graph, weights } = importOnnx(exportOnnx(contents), { normalization, classNames });
  const again = await predicted({ ...contents, layers: graphConfig(graph), tensors: weights });
  return again.every((value, index) => value === wanted[index]);
}

const found = new Map<string, readonly ExportCheck[]>();

/** All that was found so far, in the order of the models. */
const kept = (): readonly ExportCheck[] =>
  Object.keys(graphs).flatMap(
    (name) => found.get(name) ?? before?.checks.filter(({ model }) => model === name) ?? [],
  );

for (const model of models) {
  const contents = await trained(graphs[model]());
  const wanted = await predicted(contents);
  const checks: ExportCheck[] = [];
  for (const [form, options] of Object.entries(forms)) {
    checks.push({
      model,
      form,
      ...compared(inRuntime(exportOnnx(contents, options)), wanted),
      ...(!options.foldBatchNorm && { sameAfterImport: await sameAfterImport(contents, wanted) }),
    });
    console.log(JSON.stringify(checks[checks.length - 1]));
  }
  found.set(model, checks);
  writeResult(resultName, {
    environment: describeMachine(),
    command: "node dist/scripts/check-onnx-export.js PYTHON",
    ...versions,
    images: test.count,
    checks: kept(),
  });
}
rmSync(folder, { recursive: true });
