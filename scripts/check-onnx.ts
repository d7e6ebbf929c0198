// How much of ONNX's own conformance data heddle can import, and whether what it computes agrees with what is given there:
//   python3 -m venv FOLDER && FOLDER/bin/pip install onnx
//   npm run build && node dist/scripts/check-onnx.js FOLDER/bin/python [name …]
// The whole networks ("light": their weights are one number a tensor) and what was converted from PyTorch, of images of two
// axes, in plain double precision. Without names, into results/onnx-conformance.json.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeOnnx } from "#heddle/onnx/decode.js";
import { chosen } from "./arguments.js";
import { describeMachine } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { type CaseResult, type ConformanceCase, runCase } from "./check-onnx/run-case.js";

const [python = "python3", ...asked] = process.argv.slice(2);
const { status, stdout } = spawnSync(
  python,
  ["-c", "import onnx, os; print(onnx.__version__); print(os.path.dirname(onnx.__file__))"],
  { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
);
if (status !== 0) throw new Error(`${python} has no package onnx.`);
const [onnx, folder] = stdout.trim().split("\n");
const data = join(folder, "backend", "test", "data");

const networks = (): readonly ConformanceCase[] =>
  readdirSync(join(data, "light"))
    .filter((file) => file.endsWith(".onnx"))
    .sort()
    .map((file) => ({
      name: file.slice("light_".length, -".onnx".length),
      model: join(data, "light", file),
      output: join(data, "light", file.replace(".onnx", "_output_0.pb")),
    }));

const converted = (): readonly ConformanceCase[] =>
  readdirSync(join(data, "pytorch-converted"))
    .sort()
    .map((name) => ({ name, folder: join(data, "pytorch-converted", name) }))
    .filter(
      ({ folder: each }) => existsSync(join(each, "model.onnx")) && takesImages(join(each, "model.onnx")),
    )
    .map(({ name, folder: each }) => ({
      name: name.replace(/^test_/, ""),
      model: join(each, "model.onnx"),
      input: join(each, "test_data_set_0", "input_0.pb"),
      output: join(each, "test_data_set_0", "output_0.pb"),
    }));

/** Whether a model's first input has four axes. */
function takesImages(file: string): boolean {
  const type = decodeOnnx(readFileSync(file), file).graph.input[0]?.type?.value;
  return type?.case === "tensorType" && type.value.shape?.dim.length === 4;
}

const cases = { layers: converted(), networks: networks() };
const names = chosen(asked, [...new Set([...cases.layers, ...cases.networks].map(({ name }) => name))]);

function results(of: readonly ConformanceCase[]): readonly CaseResult[] {
  return of
    .filter(({ name }) => names.includes(name))
    .map((each) => {
      const result = runCase(each);
      const { name, difference, why } = result;
      console.log(
        `${name}: ${result.result}${difference === undefined ? "" : `, ${difference.toExponential(1)}`}${why ? `: ${why}` : ""}`,
      );
      return result;
    });
}

const layers = results(cases.layers);
const whole = results(cases.networks);
if (asked.length === 0) {
  const command = "node dist/scripts/check-onnx.js PYTHON";
  console.log(
    writeResult("onnx-conformance.json", {
      environment: describeMachine(),
      command,
      onnx,
      networks: whole,
      layers,
    }),
  );
}
