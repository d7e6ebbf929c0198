import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { processTerminal } from "./terminal.js";

function streams(isTTY: boolean) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") =>
    ({
      isTTY,
      columns: 20,
      on: () => undefined,
      write: (text: string) => {
        written[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  return { written, streams: { stdout: stream("stdout"), stderr: stream("stderr") } };
}

describe("terminal", () => {
  it("has colours on a terminal alone, and none under NO_COLOR or on a dumb one", () => {
    const colours = (isTTY: boolean, environment: Record<string, string>): boolean[] => {
      const { colour, errorColour } = processTerminal(streams(isTTY).streams, environment);
      return [colour, errorColour];
    };
    assert.deepEqual(colours(true, {}), [true, true]);
    assert.deepEqual(colours(true, { NO_COLOR: "" }), [true, true]);
    assert.deepEqual(colours(true, { NO_COLOR: "1" }), [false, false]);
    assert.deepEqual(colours(true, { TERM: "dumb" }), [false, false]);
    assert.deepEqual(colours(false, {}), [false, false]);
  });

  it("writes a kept line in the live line's place", () => {
    const { written, streams: both } = streams(true);
    const terminal = processTerminal(both, {});
    terminal.liveLine("step 1");
    terminal.liveLine("step 2");
    terminal.stderr("epoch 1");
    terminal.stderr("epoch 2");
    assert.equal(written.stderr, "step 1\r\x1b[Kstep 2\r\x1b[Kepoch 1\nepoch 2\n");
  });

  it("writes several live lines over, and a kept line in their place", () => {
    const { written, streams: both } = streams(true);
    const terminal = processTerminal(both, {});
    terminal.liveLine("one", "two", "three");
    terminal.liveLine("four");
    terminal.stderr("kept");
    assert.equal(written.stderr, "one\ntwo\nthree\r\x1b[2A\x1b[Jfour\r\x1b[Kkept\n");
  });

  it("shows no more live lines than the screen has", () => {
    const { written, streams: both } = streams(true);
    both.stderr.rows = 3;
    processTerminal(both, {}).liveLine("one", "two", "three");
    assert.equal(written.stderr, "one\ntwo");
  });

  it("cuts a live line that would wrap", () => {
    const { written, streams: both } = streams(true);
    processTerminal(both, {}).liveLine("━".repeat(50));
    assert.equal(written.stderr, "━".repeat(19));
  });

  it("takes a terminal that says it has no columns for a usual one", () => {
    const { streams: both } = streams(true);
    both.stderr.columns = 0;
    assert.equal(processTerminal(both, {}).liveWidth(), 79);
  });

  it("shows no live line in a pipe", () => {
    const { written, streams: both } = streams(false);
    const terminal = processTerminal(both, {});
    terminal.liveLine("step 1");
    assert.equal(terminal.live, false);
    assert.equal(written.stderr, "");
  });
});
