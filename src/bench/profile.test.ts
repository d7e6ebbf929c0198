import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addUp, profileStep } from "./profile.js";

describe("a step's profile", () => {
  it("books jobs under their layers and phases", () => {
    const { layers, optimizerMs, waitingMs, restMs } = addUp(["C1", "C10", "FC"], 20, [
      { name: "input", milliseconds: 0.5 },
      { name: "C1", milliseconds: 1 },
      { name: "C1 relu", milliseconds: 0.25 },
      { name: "C10 weight transform", milliseconds: 2 },
      { name: "C10 gradients", milliseconds: 4 },
      { name: "FC weight gradient sum", milliseconds: 3 },
      { name: "softmax cross-entropy", milliseconds: 0.125 },
      { name: "adam", milliseconds: 1.5 },
      { name: "clear gradients", milliseconds: 0.5 },
      { name: "waiting", milliseconds: 6 },
    ]);
    assert.deepEqual(layers, [
      { name: "input", milliseconds: { preparation: 0, forward: 0.5, backward: 0 } },
      { name: "C1", milliseconds: { preparation: 0, forward: 1.25, backward: 0 } },
      { name: "C10", milliseconds: { preparation: 2, forward: 0, backward: 4 } },
      { name: "FC", milliseconds: { preparation: 0, forward: 0, backward: 3 } },
      { name: "loss", milliseconds: { preparation: 0, forward: 0.125, backward: 0 } },
    ]);
    assert.deepEqual([optimizerMs, waitingMs, restMs], [2, 6, 1.125]);
  });

  for (const threads of [1, 2])
    it(`adds up to the step on ${threads} threads, every layer that computes in it`, async () => {
      const profile = await profileStep({ kind: "train", model: "lenet", batch: 8 }, threads, 4);
      const { layers, optimizerMs, waitingMs, restMs, stepMs } = profile;
      const sum = layers
        .flatMap(({ milliseconds }) => Object.values(milliseconds))
        .reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum + optimizerMs + waitingMs + restMs - stepMs) < 1e-9);
      // Every account is closed before the step ends: what is booked can't exceed it.
      assert.ok(restMs > 0);
      assert.equal(waitingMs > 0, threads > 1);
      assert.ok(optimizerMs > 0);
      assert.deepEqual([profile.steps, profile.ofSteps], [3, 4]);
      for (const name of ["C1", "C2", "FC1", "FC2", "output"]) {
        const { forward, backward } = layers.find((layer) => layer.name === name)!.milliseconds;
        assert.ok(forward > 0 && backward > 0, `${name}: ${forward} ms forward, ${backward} ms backward`);
      }
    });

  it("has no backward pass and no optimizer in inference", async () => {
    // So small a batch is one thread's, however many there are.
    for (const threads of [1, 2]) {
      const profile = await profileStep({ kind: "infer", model: "lenet", batch: 8 }, threads, 4);
      assert.equal(profile.optimizerMs, 0);
      assert.ok(profile.layers.every(({ milliseconds }) => milliseconds.backward === 0));
      const named = profile.layers.find(({ name }) => name === "C1")!;
      assert.ok(named.milliseconds.forward > 0, `${threads} threads`);
    }
  });
});
