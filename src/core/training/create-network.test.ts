import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CreateNetwork, NetworkOptions } from "../engine/network.js";
import { hasFusedMultiplyAdd } from "../engine/probe.js";
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

  it("refuses what is no network", async () => {
    for (const made of [1, undefined, {}, { ...new FakeNetwork() }]) {
      const model = sequential([flatten(), dense({ units: 2 })], {
        inputShape: [2, 2, 1],
        platform: fakePlatform(),
        createNetwork: async () => made as never,
      });
      await assert.rejects(
        model.predict(numberedImages(1)),
        /createNetwork gave .*: expected a network with writeParameters/,
      );
      await model.dispose();
    }
  });

  it("asks for wide vectors where it is compiled for them, on a network of its own", async () => {
    const asked: (boolean | undefined)[] = [];
    const model = sequential([flatten(), dense({ units: 2 })], {
      inputShape: [2, 2, 1],
      platform: fakePlatform(),
      createNetwork: async ({ wideVectors }) => {
        asked.push(wideVectors);
        return new FakeNetwork();
      },
    });
    for (const wideVectors of [undefined, false, true, true]) {
      model.compile({ wideVectors });
      await model.predict(numberedImages(1));
    }
    assert.deepEqual(asked, [false, true]);
    await model.dispose();
  });

  it("has fit settings by what those compute with, and by the engine's where nothing is said", () => {
    const createNetwork = async () => new FakeNetwork();
    const fuses = (make: CreateNetwork | undefined, portable: boolean): unknown => {
      const platform = fakePlatform();
      const options = { inputShape: [2, 2, 1], platform, createNetwork: make };
      const model = sequential([flatten(), dense({ units: 2 })], options).compile({ portable });
      const train = { images: numberedImages(4), labels: Uint8Array.of(0, 1, 0, 1) };
      return model.fitSettings({ train }).fusedMultiplyAdd;
    };
    for (const says of [true, false]) {
      const make = Object.assign(async () => new FakeNetwork(), { fusesMultiplyAdd: () => says });
      assert.deepEqual([fuses(make, false), fuses(make, true)], [says, false]);
    }
    for (const make of [createNetwork, undefined]) {
      assert.deepEqual([fuses(make, false), fuses(make, true)], [hasFusedMultiplyAdd(), false]);
    }
  });
});
