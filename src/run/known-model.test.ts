import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { graphConfig } from "../core/graph/index.js";
import { dense, flatten } from "../core/layers/index.js";
import { modelDefinitions, withoutDropout } from "../core/models/index.js";
import { madeUpRun } from "../report/testing/made-up-runs.js";
import { knownModel } from "./known-model.js";
import type { RunConfig } from "./run-config.js";
import { definedModel, type GivenDefinition } from "./run-model.js";

const inputShape = [28, 28, 1];

function configOf(model: GivenDefinition): RunConfig {
  const graph = definedModel(model).graph(inputShape, 7);
  return { ...madeUpRun("run").config, model: model.name, layers: graphConfig(graph), inputShape };
}

describe("a known model", () => {
  for (const definition of Object.values(modelDefinitions)) {
    it(`is ${definition.name} by its layers`, () => {
      assert.deepEqual(knownModel(configOf(definition)), { title: definition.title, dropout: true });
    });
  }

  it("may have left its dropout out", () => {
    const { cnn } = modelDefinitions;
    assert.deepEqual(knownModel(configOf(withoutDropout(cnn))), { title: cnn.title, dropout: false });
  });

  it("is none that only has the name of one, or only the layers", () => {
    const layers = () => [flatten(), dense({ units: 7 })];
    assert.equal(knownModel(configOf({ name: "cnn", layers })), undefined);
    assert.equal(knownModel(configOf({ ...modelDefinitions.cnn, name: "mine" })), undefined);
    assert.equal(knownModel({ ...configOf({ name: "lstm", layers }), inputShape }), undefined);
  });

  it("is what heddle 0.1 named, with or without dropout", () => {
    const { layers: _, inputShape: __, ...named } = configOf(modelDefinitions.proposed);
    assert.deepEqual(knownModel(named), { title: "Proposed CNN", dropout: true });
    assert.deepEqual(knownModel({ ...named, dropout: false }), { title: "Proposed CNN", dropout: false });
  });
});
