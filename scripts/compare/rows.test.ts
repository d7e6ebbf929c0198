import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { benchRows } from "#heddle/bench/rows.js";
import * as library from "#heddle/node/index.js";
import { comparedRows } from "./rows.js";

const build = { commit: null, library, benchRows };
const dataset = {} as library.DatasetInMemory;
const namesOf = (...names: readonly string[]) =>
  comparedRows(names, dataset, { before: build, after: build }).map(({ name }) => name);

describe("the rows that are compared", () => {
  it("are those that were asked for", () => {
    assert.deepEqual(namesOf("call/fit/lenet", "train/cnn/64"), ["call/fit/lenet/128", "train/cnn/64"]);
    assert.ok(namesOf("kernel").length > 10);
  });

  it("are refused where a name matches none, or what is timed call by call", () => {
    for (const name of ["call/typo", "call/fit/typo", "predict", "predict/proposed/1"])
      assert.throws(() => namesOf("train", name), new RegExp(`no row "${name}".*call/fit/proposed/128`));
    assert.throws(() => namesOf("typo"), /There is no benchmark "typo"/);
  });
});
