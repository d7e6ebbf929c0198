import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { planLengths } from "./plan.js";
import { leadToReplace, type Protocol, protocol } from "./protocol.js";

const folder = fileURLToPath(new URL("../../../results/protocol-search", import.meta.url));

/** What is read of a trial of the search. */
interface SearchTrial {
  readonly config: { readonly name: string; readonly epochs: number; readonly model?: string };
  readonly history: readonly { readonly validationAccuracy: number }[];
}

const trials = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name): SearchTrial => JSON.parse(readFileSync(join(folder, name), "utf8")));

const bestAccuracy = ({ history }: SearchTrial): number =>
  Math.max(0, ...history.map(({ validationAccuracy }) => validationAccuracy));

function trialOf({ name, searchTrial }: Protocol): SearchTrial {
  const found = trials.find(({ config }) => config.name === searchTrial);
  assert.ok(found, `${name} is of ${searchTrial}, which results/protocol-search has`);
  return found;
}

describe("the protocol", () => {
  it("has the settings of the trial that it names, and nothing that it hasn't", () => {
    const { config } = trialOf(protocol);
    // Averages of the weights are judged beside the training and change nothing of it.
    const {
      name,
      epochs,
      seed: _,
      averageFrom: __,
      ...settings
    } = config as SearchTrial["config"] & {
      readonly seed: number;
      readonly averageFrom?: number;
    };
    assert.deepEqual(settings, protocol.settings);
    assert.equal(epochs, planLengths.whole.epochs);
    assert.match(protocol.why, new RegExp(`trial ${name.replaceAll(".", "\\.")}\\)`));
  });

  it("is of a trial that none of as many epochs leads by as much as it takes to replace it", () => {
    const leader = trialOf(protocol);
    const rivals = trials.filter(
      ({ config }) => config.epochs === planLengths.whole.epochs && config.model === undefined,
    );
    assert.ok(rivals.length > 1 && rivals.includes(leader));
    for (const rival of rivals)
      assert.ok(
        bestAccuracy(rival) - bestAccuracy(leader) <= leadToReplace,
        `${rival.config.name} is better`,
      );
  });
});
