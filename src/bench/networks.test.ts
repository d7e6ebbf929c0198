import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { summarize } from "../core/graph/index.js";
import { modelNames } from "../core/models/index.js";
import { networkGraph, networkNames, tableNetworks } from "./networks.js";

/**
 * What PyTorch 2.15 counts in the same modules, `sum(p.numel() for p in module.parameters())`; of LSTMs less the second
 * of its two biases, which only their sum matters of: 4 · 128 a direction.
 */
const parameters = {
  proposed: 487_818,
  cnn: 693_962,
  lenet: 61_706,
  lstm: 82_186 - 512,
  bilstm: 164_362 - 2 * 512,
  mlp: 669_706,
  kerasMnist: 1_199_882,
  kerasCifar: 1_250_858,
  vgg64: 2_386_986,
  alexish: 907_818,
  resNet20: 272_474,
  mobile: 136_778,
  vggBn: 307_946,
};

describe("the networks that are measured", () => {
  it("have as many trained numbers in the table as PyTorch's modules", () => {
    const counted = tableNetworks.map(({ name }) => [name, summarize(networkGraph(name)).parameters]);
    assert.deepEqual(Object.fromEntries(counted), parameters);
  });

  it("are the library's models too, and give ten classes each", () => {
    for (const name of modelNames) assert.ok(networkNames.includes(name), name);
    for (const name of networkNames) assert.deepEqual(networkGraph(name).outputShape, [10], name);
  });
});
