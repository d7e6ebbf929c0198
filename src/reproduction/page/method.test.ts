import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { madeUpProtocols, syntheticResults } from "../testing/synthetic.js";
import { methodSection } from "./method.js";

const made = syntheticResults({ part: "table2", images: 50, seeds: [1] });
const bodyOf = (results: typeof made): string => methodSection(results).body.html;

describe("what was done", () => {
  it("has the protocol chosen before the test images were read only where no earlier one has read them", () => {
    assert.match(bodyOf(made), /validation images alone, before the test images were read\./);
    const [protocol] = madeUpProtocols;
    const second = bodyOf({ ...made, protocols: [protocol, { ...protocol, name: "second" }] });
    assert.doesNotMatch(second, /before the test images were read/);
    assert.match(second, /; second was chosen after test figures by made-up were known\./);
  });

  it("is as the paper has it only where no notice says otherwise", () => {
    assert.match(bodyOf(made), /As the paper has it: Fashion-MNIST/);
    assert.match(bodyOf({ ...made, quick: true }), /As the paper has it, but for what the notice above says/);
  });
});
