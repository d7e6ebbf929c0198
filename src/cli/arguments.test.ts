import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { UsageError } from "../core/errors.js";
import { chooseName, finiteNumber, numberList, wholeNumber } from "./arguments.js";

const misuse = (call: () => unknown, message: RegExp): void =>
  assert.throws(call, (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, message);
    return true;
  });

describe("numbers on the command line", () => {
  it("reads every whole number in range", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), (value) => {
        assert.equal(wholeNumber("--threads", 1, 256)(String(value)), value);
      }),
    );
  });

  it("reads every finite number as JavaScript writes it", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assert.equal(finiteNumber("--decay")(String(value)), value === 0 ? 0 : value);
      }),
    );
  });

  for (const text of ["0", "257", "-1", "1.5", "", " ", "two", "NaN", "Infinity", "0x10", "1e400", "12abc"]) {
    it(`refuses "${text}" threads`, () => {
      const shown = text.replace(/[.]/g, "\\.");
      misuse(
        () => wholeNumber("--threads", 1, 256)(text),
        new RegExp(`^--threads got "${shown}": expected a whole number from 1 to 256\\.$`),
      );
    });
  }

  it("refuses a rate that is no number", () => {
    misuse(
      () => finiteNumber("--learning-rate")("NaN"),
      /--learning-rate got "NaN": expected a number, such as 0\.001/,
    );
  });

  it("reads lists without repeats", () => {
    const read = numberList("--threads", 1, 8);
    assert.deepEqual(read("1,2, 2"), [1, 2]);
    misuse(() => read("1,,2"), /--threads got ""/);
    misuse(() => read("1,9"), /--threads got "9": expected a whole number from 1 to 8/);
  });
});

describe("names on the command line", () => {
  const models = ["proposed", "cnn", "lenet", "lstm", "bilstm"] as const;

  it("are taken as they are", () => {
    for (const name of models) assert.equal(chooseName("model", name, models), name);
  });

  for (const [slip, meant] of [
    ["propsed", "proposed"],
    ["LeNet", "lenet"],
    ["lst", "lstm"],
    ["bi-lstm", "bilstm"],
  ]) {
    it(`are suggested: ${slip} → ${meant}`, () => {
      misuse(
        () => chooseName("model", slip, models),
        new RegExp(`^Unknown model "${slip}"\\. Did you mean "${meant}"\\? Known are proposed, cnn,`),
      );
    });
  }

  it("are not suggested where nothing is near", () => {
    misuse(() => chooseName("model", "resnet50", models), /^Unknown model "resnet50"\. Known are/);
  });
});
