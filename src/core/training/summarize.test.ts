import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import { modelDefinitions } from "../models/index.js";
import { Model } from "./model.js";
import { summarize } from "./summarize.js";
import { tinyData, tinyModels } from "./testing/tiny-model.js";

const graph = modelDefinitions.resNet20.graph([8, 8, 1], 3);

describe("a model's summary", () => {
  it("says nothing of memory where no batch size is given", () => {
    assert.deepEqual(Object.keys(summarize(graph)), ["rows", "parameters", "kept", "multiplyAdds"]);
  });

  it("has the memory that fit plans, and that predictions alone plan", async () => {
    for (const threads of [1, 2]) {
      const model = tinyModels({ ...nodePlatform, availableMemory: undefined })();
      const { memory } = summarize(model.graph, { batchSize: 8, optimizer: "sgd", threads });
      model.compile({ optimizer: "sgd", threads });
      try {
        for await (const event of model.fitEvents(tinyData, { batchSize: 8 })) {
          if (event.event === "start") assert.equal(event.arenaBytes, memory.training);
        }
      } finally {
        await model.dispose();
      }
      assert.deepEqual(
        { ...memory, training: 0, inference: 0 },
        {
          batchSize: 8,
          threads,
          training: 0,
          inference: 0,
          inferenceBatchSize: 8,
        },
      );
      assert.ok(memory.inference < memory.training);
    }
  });

  it("grows with the batch, the optimizer and the threads", () => {
    const training = (options: Partial<Parameters<typeof summarize>[1]> = {}): number =>
      summarize(graph, { batchSize: 16, optimizer: "adam", threads: 1, ...options }).memory.training;
    assert.equal(training(), summarize(graph, { batchSize: 16 }).memory.training);
    assert.ok(training({ batchSize: 64 }) > training());
    assert.ok(training({ optimizer: "sgd" }) < training());
    assert.ok(training({ threads: 4 }) > training());
  });

  it("is of models that no memory holds too, and of fewer predictions at once", () => {
    const { memory } = summarize(graph, { batchSize: 1_000_000 });
    assert.ok(memory.training > 2 ** 32);
    assert.ok(memory.inference < 200 * 1024 ** 2);
    assert.ok(memory.inferenceBatchSize > 1 && memory.inferenceBatchSize < 1_000_000);
  });

  it("starts no thread", () => {
    const platform = { ...nodePlatform, startWorker: () => assert.fail("a thread was started") };
    const model = new Model(graph, { platform });
    assert.ok(summarize(model.graph, { batchSize: 4, threads: 8 }).memory.training > 0);
  });

  itRefusesWrongArguments({
    summarize: fuzzed({
      call: summarize,
      args: [modelDefinitions.cnn.graph([8, 8, 1], 2), { batchSize: 2, optimizer: "sgd", threads: 1 }],
      holds: (summary) => typeof summary === "object",
    }),
  });
});
