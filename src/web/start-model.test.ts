import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openModel, startModel } from "./start-model.js";
import { caseGraph } from "./testing/training-case.js";

const graph = caseGraph();
const file = new Uint8Array(10);

function detached(): Uint8Array {
  const bytes = new Uint8Array(10);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** Where it goes as far as to a worker: there is no class of them in Node. */
const noWorker = { name: "HeddleError", message: /^The page may start no worker: ReferenceError/ };

/** A worker that says nothing. */
class Silent extends EventTarget {
  ended = false;
  postMessage(): void {}
  terminate(): void {
    this.ended = true;
  }
}

describe("before a worker starts a page", () => {
  const graphWords =
    "startModel takes a graph, made by chainOf([…], [height, width, channels]) or graphOf(…)";
  const wrong: readonly [string, () => Promise<unknown>, string][] = [
    ["layers alone", () => startModel([] as never), `${graphWords}, but got [].`],
    ["nothing", () => startModel(undefined as never), `${graphWords}, but got nothing.`],
    [
      "no options",
      () => startModel(graph, null as never),
      "startModel takes an object of options (name, seed, state), but got null.",
    ],
    [
      "half a seed",
      () => startModel(graph, { seed: 0.5 }),
      "startModel: seed must be a whole number, but is 0.5.",
    ],
    [
      "another name",
      () => startModel(graph, { sed: 1 } as never),
      'startModel has no option "sed". Did you mean seed? Its options: name, seed, state.',
    ],
    [
      "a platform",
      () => startModel(graph, { platform: {} } as never),
      'startModel has no option "platform". A page\'s model runs in a worker of its own. Its options: name, seed, state.',
    ],
    [
      "a maker of networks",
      () => startModel(graph, { createNetwork: () => {} } as never),
      'startModel has no option "createNetwork". A page\'s model runs in a worker of its own. Its options: name, seed, state.',
    ],
    [
      "no state",
      () => startModel(graph, { state: [] as never }),
      "startModel: state must be what a model has learned, such as { weights: await other.getWeights() }, but is [].",
    ],
    [
      "a shape beside the graph",
      () => startModel(graph, { inputShape: [12, 12, 1] } as never),
      'startModel has no option "inputShape". It is what chainOf([…], inputShape) or input(inputShape) was given. Its options: name, seed, state.',
    ],
    [
      "memory",
      () => openModel(new ArrayBuffer(10) as never),
      "openModel: bytes must be a Uint8Array, but is an ArrayBuffer. Wrap it: new Uint8Array(buffer).",
    ],
    [
      "a promise",
      () => openModel(Promise.resolve(file) as never),
      "openModel: bytes must be a Uint8Array, but is a promise (await it first).",
    ],
    [
      "bytes that went elsewhere",
      () => openModel(detached()),
      "openModel: bytes have no memory any more: it was transferred, or has grown elsewhere. Give a view of the new memory, or a copy.",
    ],
    [
      "a number as the file's name",
      () => openModel(file, { sourceName: 1 as never }),
      "openModel: sourceName must be text that names the file in errors, but is 1.",
    ],
    [
      "text for options",
      () => openModel(file, "model.safetensors" as never),
      'openModel takes an object of options (name, seed, sourceName), but got "model.safetensors".',
    ],
    [
      "a state beside the file's",
      () => openModel(file, { state: {} } as never),
      'openModel has no option "state". The file has it. Its options: name, seed, sourceName.',
    ],
  ];
  for (const [what, call, message] of wrong) {
    it(`is refused ${what}`, () => assert.rejects(call(), { name: "UsageError", message }));
  }

  it("may give all that there is", async () => {
    await assert.rejects(startModel(graph), noWorker);
    await assert.rejects(startModel(graph, { name: "mine", seed: 2, state: { weights: [] } }), noWorker);
    await assert.rejects(openModel(file), noWorker);
    await assert.rejects(openModel(file, { name: "mine", seed: 2, sourceName: "" }), noWorker);
  });
});

describe("a worker whose answer can't be read", () => {
  it("is ended, and whoever waits for it hears why", async (test) => {
    const worker = new Silent();
    // A constructor's own result stands in place of what it makes.
    Object.assign(globalThis, {
      Worker: function Worker() {
        return worker;
      },
    });
    test.after(() => Reflect.deleteProperty(globalThis, "Worker"));
    const starting = startModel(graph);
    worker.dispatchEvent(new Event("messageerror"));
    await assert.rejects(starting, {
      name: "HeddleError",
      message:
        "The worker that held the model has ended: an answer could not be read, probably for lack of memory. Start the model again, from a file of it where there is one.",
    });
    assert.equal(worker.ended, true);
  });
});
