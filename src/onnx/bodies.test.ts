import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Model } from "../core/training/model.js";
import { nodePlatform } from "../node/platform.js";
import { importOnnx } from "./index.js";

/** A folder of trained networks beside the repository, with what ONNX Runtime makes of four images. */
const folder = process.env.HEDDLE_BODIES ?? fileURLToPath(new URL("../../../shared/bodies", import.meta.url));

/** The values of a safetensors file, which has bytes beside floats here. */
function expected(): (name: string) => { readonly rows: number; readonly bytes: Uint8Array<ArrayBuffer> } {
  const file = readFileSync(join(folder, "expected.safetensors"));
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, start).toString());
  return (name) => {
    const { shape, data_offsets: offsets } = header[name];
    return { rows: shape[0], bytes: Uint8Array.from(file.subarray(start + offsets[0], start + offsets[1])) };
  };
}

/** x − ln Σ e^x of a row. */
function logSoftmax(row: Float32Array): readonly number[] {
  const most = Math.max(...row);
  const sum = row.reduce((total, value) => total + Math.exp(value - most), 0);
  return Array.from(row, (value) => value - most - Math.log(sum));
}

describe("trained bodies", { skip: !existsSync(folder) }, () => {
  const outputs = [undefined, "/n/Reshape_output_0"] as const;
  for (const name of ["efficientnet-lite0", "efficientnet-lite0-folded"])
    for (const output of outputs) {
      const wanted = output ? "features" : "logits";
      it(`${name} gives ONNX Runtime's ${wanted}`, async () => {
        const bytes = new Uint8Array(readFileSync(join(folder, `${name}.onnx`)));
        const { graph, weights, normalization } = importOnnx(bytes, {
          normalization: "lite",
          ...(output && { output }),
        });
        const model = new Model(graph, { state: { weights, normalization }, platform: nodePlatform });
        const read = expected();
        const { rows, bytes: floats } = read(wanted);
        const values = new Float32Array(floats.buffer);
        const probabilities = await model.predict(read("images").bytes);
        await model.dispose();
        const { classes } = model;
        for (let row = 0; row < rows; row++) {
          const logs = logSoftmax(values.subarray(row * classes, (row + 1) * classes));
          logs.forEach((log, index) => {
            const difference = Math.abs(log - Math.log(probabilities[row * classes + index]));
            assert.ok(difference < 1e-4, `image ${row}, output ${index}: off by ${difference}`);
          });
        }
      });
    }
});
