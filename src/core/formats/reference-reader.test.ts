import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { encodeCheckpoint } from "./checkpoint-file.js";
import { encodeModel, type ModelContents } from "./model-file.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const kernel = { name: "output.kernel", shape: [1, 4], data: Float32Array.of(0, -0.5, 1 / 3, 3e-39) };
const bias = { name: "output.bias", shape: [4], data: Float32Array.of(7, 0, 0, 1) };

const model: ModelContents = {
  layers: [{ type: "dense", name: "output", units: 4, activation: "linear" }],
  inputShape: [1],
  normalization: { mean: [0.25], deviation: [0.5] },
  classNames: ["a", "ä", "✓", '"'],
  tensors: [kernel, bias],
};

const files: [string, Uint8Array][] = [
  ["tensors", encodeSafetensors([kernel, bias], { note: "ä" })],
  ["nothing", encodeSafetensors([], {})],
  ["a model", encodeModel(model)],
  [
    "a checkpoint",
    encodeCheckpoint({
      model,
      optimizerState: [{ ...kernel, name: "firstMoment/output.kernel" }],
      bestTensors: [bias, kernel],
      position: { epochsDone: 2, best: { epoch: 1, validationAccuracy: 0.5, validationLoss: 1 } },
      settings: { seed: 1 },
    }),
  ],
];

const installed = spawnSync("python3", ["-c", "import numpy, safetensors"]).status === 0;
const skip = installed ? false : "python3 with numpy and safetensors is not installed";

describe("the format's reference package reads", { skip }, () => {
  for (const [what, bytes] of files) {
    it(what, () => {
      const folder = mkdtempSync(join(tmpdir(), "heddle-safetensors-"));
      try {
        const file = join(folder, "file.safetensors");
        writeFileSync(file, bytes);
        const { stdout, stderr } = spawnSync("python3", ["scripts/fixtures/read-safetensors.py", file], {
          encoding: "utf8",
        });
        assert.equal(stderr, "");
        const { tensors, metadata } = decodeSafetensors(bytes, what);
        const read = JSON.parse(stdout);
        assert.deepEqual(
          read.tensors,
          Object.fromEntries(
            tensors.map(({ name, shape, data }) => [name, { dtype: "float32", shape, values: [...data] }]),
          ),
        );
        const { heddleDigest, heddleDigestOver, ...rest } = read.metadata;
        assert.match(heddleDigest, /^murmur3-128:[0-9a-f]{32}$/);
        assert.equal(heddleDigestOver, "length, header and data");
        assert.deepEqual(rest, metadata);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
