import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.js";
import { decodeModel, encodeModel } from "./model-file.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const fixture = (name: string): Uint8Array =>
  readFileSync(`src/core/formats/fixtures/${name}-0.1.safetensors`);

const tensors = [
  { name: "output.kernel", shape: [1, 4], data: Float32Array.of(0, -0.5, 1 / 3, 3e-39) },
  { name: "empty", shape: [2, 0], data: new Float32Array(0) },
  { name: "scalar", shape: [], data: Float32Array.of(7) },
];

const files: [string, Uint8Array][] = [
  ["tensors", encodeSafetensors(tensors, { note: 'ä✓"' })],
  ["nothing", encodeSafetensors([], {})],
  ["a model", encodeModel(decodeModel(fixture("model"), "model"))],
  ["a checkpoint", encodeCheckpoint(decodeCheckpoint(fixture("checkpoint"), "checkpoint"))],
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
