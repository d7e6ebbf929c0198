import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkCallbacks, tell } from "./callbacks.js";
import type { StepEvent } from "./events.js";

describe("callbacks", () => {
  it("may be objects of any class, with whatever they need", async () => {
    class Logger {
      readonly lines: string[] = [];
      #count = 0;
      constructor(readonly format: (text: string) => string) {}
      onStep({ step }: StepEvent): void {
        this.#count++;
        this.note(`step ${step}`);
      }
      note(text: string): void {
        this.lines.push(this.format(text));
      }
      get total(): number {
        return this.#count;
      }
    }
    class Louder extends Logger {}
    const logger = new Louder((text) => `${text}!`);
    for (const each of checkCallbacks([logger])) await tell(each, { event: "step", step: 2 } as StepEvent);
    assert.deepEqual([logger.lines, logger.total], [["step 2!"], 1]);
    const counter = {
      count: 0,
      onStep(): void {
        this.count++;
      },
      onEpoch: undefined,
    };
    const [first] = checkCallbacks([counter]);
    await tell(first, { event: "step", step: 3 } as StepEvent);
    assert.equal(counter.count, 1);
    assert.deepEqual(checkCallbacks(undefined), []);
    assert.equal(checkCallbacks([{ onEpoch: undefined }]).length, 1);
  });

  const wrong: readonly [unknown, RegExp][] = [
    [{ onEpoch() {} }, /^fit takes a list of callbacks such as .*, but got an object\.$/],
    [null, /but got null/],
    [[() => 1], /but callbacks\[0\] is a function\.$/],
    [[{ onEpoch() {} }, null], /but callbacks\[1\] is null\.$/],
    [
      [{ onEpochEnd() {} }],
      /callbacks\[0\] has "onEpochEnd", which nothing calls\. Did you mean onEpoch\? There are onStart,/,
    ],
    [[{ onEpoch() {}, epochEnd() {} }], /has "epochEnd", which nothing calls/],
    [[{ onEpoch: "log" }], /callbacks\[0\]\.onEpoch must be a function, but is "log"\.$/],
    [[{}], /callbacks\[0\] has none of onStart, onStep, onEpoch, onWarning, onEnd\.$/],
    [
      [
        new (class {
          onEpoch() {}
          onTrainEnd() {}
        })(),
      ],
      /has "onTrainEnd", which nothing calls/,
    ],
  ];
  for (const [given, message] of wrong) {
    it(`are refused: ${message.source}`, () => {
      assert.throws(() => checkCallbacks(given), { name: "UsageError", message });
    });
  }
});
