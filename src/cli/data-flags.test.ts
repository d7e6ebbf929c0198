import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Command } from "commander";
import { UsageError } from "../core/errors.js";
import { addDataOptions, dataOptionsFrom } from "./data-flags.js";

const read = (...args: string[]) => {
  const command = addDataOptions(new Command()).exitOverride();
  return dataOptionsFrom(command.parse(args, { from: "user" }).opts());
};

describe("flags of data", () => {
  it("say nothing where a name says all", () => {
    assert.equal(read(), undefined);
    assert.equal(read("--data", "photos"), undefined);
  });

  it("say what pictures become", () => {
    assert.deepEqual(read("--image-size", "96"), { size: [96, 96] });
    assert.deepEqual(
      read("--image-size", "64x128", "--channels", "1", "--resize", "fit", "--skip-unreadable", "0.1"),
      { size: [64, 128], channels: 1, resize: "fit", skipShare: 0.1 },
    );
  });

  const wrong: [string[], RegExp][] = [
    [["--image-size", "0"], /^--image-size got "0": expected 1 to 4096 pixels for both sides/],
    [["--image-size", "96x"], /^--image-size got "96x": expected 1 to 4096/],
    [["--image-size", "9x9x3"], /^--image-size got "9x9x3": .* such as 96x128/],
    [["--channels", "4"], /^--channels got "4": expected 3, .* or 1, grey/],
    [["--resize", "stretched"], /^Unknown way to resize "stretched"\. Did you mean "stretch"\?/],
    [["--skip-unreadable", "2"], /^--skip-unreadable got "2": expected a share from 0 to 1/],
  ];
  for (const [args, message] of wrong) {
    it(`refuse ${args.join(" ")}`, () =>
      assert.throws(
        () => read(...args),
        (error) => error instanceof UsageError && message.test(error.message),
      ));
  }
});
