import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeMachine, refuseOtherMachines } from "./machine.js";

describe("results that are gone on with", () => {
  const now = describeMachine();

  it("are of one machine, whatever its kernel, and of one Node", () => {
    refuseOtherMachines("photos.json", { ...now, platform: "linux 5.0" }, now);
    const { vectorBits: _, ...old } = now;
    refuseOtherMachines("photos.json", old, now);
    assert.throws(() => refuseOtherMachines("photos.json", { ...now, node: "1.2.3" }, now), {
      message: `results/photos.json was measured with node 1.2.3, and this is node ${now.node}: take it away, and run this again.`,
    });
  });
});
