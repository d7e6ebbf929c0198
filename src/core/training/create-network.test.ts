import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NetworkOptions } from "../engine/network.js";
import { dense, flatten } from "../layers/index.js";
import { sequential } from "./model.js";
import { FakeNetwork, fakePlatform, numberedImages } from "./testing/fake-network.js";

describe("a model that is handed another way to make networks", () => {
  it("runs on what it makes, and closes it", async () => {
    const made: { readonly network: FakeNetwork; readonly options: NetworkOptions }[] = [];
    const model = sequential([flatten(), dense({ units: 2 })], {
      inputShape: [2, 2, 1],
      platform: fakePlatform(),
      createNetwork: async (options) => {
        const network = new FakeNetwork();
        made.push({ network, options });
        return network;
      },
    });
    await model.predict(numberedImages(1));
    assert.equal(made.length, 1);
    assert.deepEqual(made[0].options.graph.inputShape, [2, 2, 1]);
    await model.dispose();
    assert.ok(made[0].network.closed);
  });
});
