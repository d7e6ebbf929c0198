import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { chainOf } from "../graph/index.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import { dense, flatten } from "../layers/index.js";
import { adam } from "../optimizers/index.js";
import type { Platform } from "../platform.js";
import { createNetwork } from "./create.js";

describe("a network with wide vectors", () => {
  const bitsOf = async (platform: Platform, wideVectors?: boolean): Promise<number> => {
    const network = await createNetwork({
      graph: chainOf([flatten(), dense({ units: 3 })], [4, 4, 1]),
      trainBatchSize: 2,
      inferenceBatchSize: 2,
      optimizer: adam(),
      labelSmoothing: 0,
      threads: 1,
      wideVectors,
      waitLimit: 20_000,
      platform,
    });
    await network.close();
    return network.vectorBits;
  };

  it("has its platform widen them first, and those after it are wide as well", async () => {
    let tiling = narrowTiling;
    let asked = 0;
    const platform: Platform = {
      ...nodePlatform,
      tiling: () => tiling,
      widenVectors: () => {
        asked++;
        tiling = wideTilings[0];
        return { bits: 256 };
      },
    };
    const bits = [];
    for (const wide of [undefined, false, true, false]) bits.push(await bitsOf(platform, wide));
    assert.deepEqual([bits, asked], [[128, 128, 256, 256], 1]);
  });

  it("stays narrow on a platform that knows of none", async () => {
    const platform: Platform = { ...nodePlatform, tiling: undefined, widenVectors: undefined };
    assert.equal(await bitsOf(platform, true), 128);
  });
});
