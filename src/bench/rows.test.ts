import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../core/errors.js";
import { modelNames } from "../core/models/index.js";
import { benchRows, networkRowNamed } from "./rows.js";

const namesOf = (...names: readonly string[]): string[] => benchRows(names).map(({ name }) => name);

describe("benchmark rows", () => {
  it("are all there where no name is given, each once", () => {
    const names = namesOf();
    assert.equal(new Set(names).size, names.length);
    for (const wanted of [
      "train/lstm/128",
      "infer/proposed/256",
      "predict/proposed/1",
      "predict-after-step/proposed/1",
      "kernel/conv-forward/C2",
    ])
      assert.ok(names.includes(wanted), wanted);
  });

  it("are found by the beginning of a name, up to a slash", () => {
    assert.deepEqual(namesOf("predict"), ["predict/proposed/1"]);
    assert.equal(namesOf("train/").length, modelNames.length);
    assert.throws(() => namesOf("pred"), UsageError);
  });

  it("take any number of images", () => {
    assert.deepEqual(networkRowNamed("train/resNet20/7/28x28x1").inputShape, [28, 28, 1]);
    assert.deepEqual(namesOf("infer/resNet20/7/28x28x1"), ["infer/resNet20/7/28x28x1"]);
    assert.deepEqual(namesOf("train/resNet20/7", "predict/bilstm/300", "predict-after-step/cnn/2"), [
      "train/resNet20/7",
      "predict/bilstm/300",
      "predict-after-step/cnn/2",
    ]);
  });

  for (const name of [
    "train/vgg/1",
    "predict/cnn/0",
    "predict/cnn/1/1",
    "sleep/cnn/1",
    "train/cnn/x",
    "train/cnn/1/28x28",
    "train/cnn/1/28x28x1/1",
    "",
  ])
    it(`are no "${name}"`, () => {
      assert.throws(
        () => namesOf(name),
        (error: Error) =>
          error instanceof UsageError &&
          error.message.startsWith(`There is no benchmark "${name}". Use train/`),
      );
    });

  it("are profiled where they are networks", () => {
    assert.deepEqual(networkRowNamed("infer/lenet/9"), { kind: "infer", model: "lenet", batch: 9 });
    assert.throws(
      () => networkRowNamed("predict/proposed/1"),
      /A profile is of .*; received "predict\/proposed\/1"/,
    );
  });
});
