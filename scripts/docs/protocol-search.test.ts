import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { resolveRunSettings } from "#heddle/run/run-settings.js";
import { plannedConfigurations } from "#heddle/sweep/plan.js";
import { readSweepSpec } from "#heddle/sweep/sweep.js";

const folder = fileURLToPath(new URL("../../../results/protocol-search", import.meta.url));

describe("the specification of the search for the protocol", () => {
  it("asks for every trial that was kept, with its settings, and for no others", async () => {
    const spec = await readSweepSpec(join(folder, "spec.yaml"));
    const asked = new Map(plannedConfigurations(spec).map((each) => [each.name, each]));
    const kept = readdirSync(folder).filter((name) => name.endsWith(".json"));
    for (const file of kept) {
      const { config } = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const { name, model = "proposed", initializer, averageFrom: _, ...settings } = config;
      const configuration = asked.get(name);
      asked.delete(name);
      // No setting of a run is another way to draw first weights.
      if (initializer !== undefined) {
        assert.equal(configuration, undefined, name);
        continue;
      }
      const given = { ...configuration?.settings, seed: spec.seeds[0], data: "fashion-mnist" };
      const { plan } = await resolveRunSettings(given);
      assert.equal(plan.model.name, model, name);
      const wanted = Object.keys(settings) as (keyof typeof plan.training)[];
      assert.deepEqual(Object.fromEntries(wanted.map((key) => [key, plan.training[key]])), settings, name);
    }
    assert.deepEqual([...asked.keys()], []);
  });
});
