import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError } from "../errors.js";
import { modelDigest } from "./model-digest.js";
import { murmur3 } from "./murmur3.js";
import { encodeSafetensors } from "./safetensors.js";
import { withoutDigest } from "./testing/files.js";

const file = (value: number) =>
  encodeSafetensors([{ name: "a", shape: [1], data: Float32Array.of(value) }], { note: "x" });

describe("a model's digest", () => {
  it("is the one in its file's header, another for each content", () => {
    const [, digest] = Buffer.from(file(1))
      .toString("latin1")
      .match(/"heddleDigest":"(murmur3-128:[0-9a-f]{32})"/)!;
    assert.equal(modelDigest(file(1), "a"), digest);
    assert.notEqual(modelDigest(file(2), "a"), digest);
  });

  it("is that of all bytes where the file has none", () => {
    const old = withoutDigest(file(1));
    assert.equal(modelDigest(old, "a"), `murmur3-128:${murmur3(old)}`);
  });

  it("is none of what is damaged", () => {
    const torn = file(1).subarray(0, 40);
    assert.throws(() => modelDigest(torn, "a"), HeddleError);
  });
});
