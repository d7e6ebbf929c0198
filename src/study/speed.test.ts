import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { modelDefinitions } from "../core/models/index.js";
import { type EpochKind, EpochSpeeds, epochKind } from "./speed.js";

const kindOf = (model: "cnn" | "lenet" | "proposed", batchSize: number): EpochKind =>
  epochKind(modelDefinitions[model].graph([28, 28, 1], 10), batchSize, 48_000);

describe("the speed of epochs", () => {
  it("is unknown before the first one", () => {
    assert.equal(new EpochSpeeds().secondsOf(kindOf("cnn", 128)), undefined);
  });

  it("is the median of the latest of its kind", () => {
    const speeds = new EpochSpeeds();
    const kind = kindOf("proposed", 128);
    for (const seconds of [10, 30, 12]) speeds.add(kind, seconds);
    assert.equal(speeds.secondsOf(kind), 12);
    speeds.add(kind, 14);
    assert.equal(speeds.secondsOf(kind), 13);
    for (let epoch = 0; epoch < 9; epoch++) speeds.add(kind, 5);
    assert.equal(speeds.secondsOf(kind), 5);
  });

  it("is estimated by operations where it was not seen, from the same model where that was", () => {
    const speeds = new EpochSpeeds();
    speeds.add(kindOf("lenet", 128), 100);
    speeds.add(kindOf("proposed", 128), 20);
    const secondsOf = (batchSize: number): number => speeds.secondsOf(kindOf("proposed", batchSize))!;
    assert.ok(secondsOf(32) > 20 && secondsOf(32) < 25);
    assert.ok(secondsOf(512) < 20 && secondsOf(512) > 18);
    const other = new EpochSpeeds();
    other.add(kindOf("proposed", 128), 20);
    const lenet = other.secondsOf(kindOf("lenet", 128))!;
    assert.ok(lenet > 1 && lenet < 5, `${lenet} s`);
  });
});
