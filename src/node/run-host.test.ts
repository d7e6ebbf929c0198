import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256 } from "../core/formats/sha256.js";
import { fashionMnistSources } from "./data/fashion-mnist.js";
import { nodeRunHost } from "./run-host.js";

describe("what runs need of Node", () => {
  it("takes no word of a run on where to download from and write to", async () => {
    const sources = { ...fashionMnistSources(), addresses: ["http://127.0.0.1:1/"], cacheFolder: "/nowhere" };
    await assert.rejects(
      nodeRunHost().loadData("fashion-mnist", { options: { sources } }),
      /dataOptions has no option "sources"/,
    );
  });

  it("has the digests of plain code", () => {
    const hasher = nodeRunHost().sha256?.();
    hasher?.update(Uint8Array.of(1, 2));
    hasher?.update(Uint8Array.of(3));
    assert.equal(hasher?.digest(), sha256(Uint8Array.of(1, 2, 3)));
  });
});
