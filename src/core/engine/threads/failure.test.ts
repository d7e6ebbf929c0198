import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { nodePlatform } from "../../../node/platform.js";
import { plainNormalization } from "../../data/normalization.js";
import { batchNorm, conv2d, dense, flatten } from "../../layers/index.js";
import { muon } from "../../optimizers/index.js";
import type { Platform, PlatformWorker } from "../../platform.js";
import { createTimedNetwork } from "../create.js";
import { createTrial, type Trial, upTo } from "../testing/trial.js";

const trialOptions = {
  layers: [conv2d({ filters: 8, kernelSize: 3 }), flatten(), dense({ units: 12 }), dense({ units: 10 })],
  inputShape: [12, 12, 1],
  batch: 6,
  waitLimit: 1_500,
};

const trialOf = (platform: Platform, threads = 3, waitLimit = trialOptions.waitLimit): Promise<Trial> =>
  createTrial({ ...trialOptions, threads, waitLimit, platform });

async function steps({ network }: Trial, count: number): Promise<void> {
  for (let step = 0; step < count; step++)
    await network.trainStep({ indices: upTo(6), step, optimizerStep: step, seed: 0, learningRate: 0.001 });
}

/** The platform with every worker it starts at hand, those that have ended, and those that have left. */
function watched(startWorker = nodePlatform.startWorker) {
  const workers: PlatformWorker[] = [];
  const ended = new Set<PlatformWorker>();
  const left: PlatformWorker[] = [];
  const platform: Platform = {
    ...nodePlatform,
    startWorker: () => {
      const worker = startWorker();
      worker.onExit(() => ended.add(worker));
      workers.push(worker);
      return {
        ...worker,
        ...(worker.leave && {
          leave: async () => {
            await worker.leave?.();
            left.push(worker);
          },
        }),
      };
    },
  };
  return { platform, workers, ended, left };
}

/**
 * Workers whose programs do something else the second time that one of them is run: then the others are in
 * the middle of a step that this one takes no part in.
 * @param clockCalls how often a timed program may ask for the time
 */
function startFaulty(fault: string, clockCalls = Number.MAX_SAFE_INTEGER): PlatformWorker {
  const loop = JSON.stringify(new URL("./worker-loop.js", import.meta.url).href);
  const source = `
    import { parentPort } from "node:worker_threads";
    const { Instance } = WebAssembly;
    let runs = 0;
    let calls = 0;
    WebAssembly.Instance = function (module, { engine }) {
      const nanoseconds = () => {
        if (++calls > ${clockCalls}) throw new Error("out of time");
        return engine.nanoseconds();
      };
      const { run } = new Instance(module, { engine: { ...engine, nanoseconds } }).exports;
      return { exports: { run: (...at) => { if (++runs === 2) { ${fault} } return run(...at); } } };
    };
    const { createWorkerLoop } = await import(${loop});
    parentPort.on("message", createWorkerLoop((message) => parentPort.postMessage(message)));`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { execArgv: [] });
  let reason = "it was ended from outside";
  worker.on("error", (error) => {
    reason = String(error);
  });
  return {
    postMessage: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on("message", listener),
    onExit: (listener) => worker.on("exit", () => listener(reason)),
    terminate: async () => {
      await worker.terminate();
    },
  };
}

/** The first worker faulty, the others sound. */
function oneFaulty(fault: string) {
  let started = 0;
  return watched(() => (started++ === 0 ? startFaulty(fault) : nodePlatform.startWorker()));
}

const ended1 = /The threads stopped: thread 1 ended unexpectedly: it was ended from outside/;
const ended2 = /The threads stopped: thread 2 ended unexpectedly: it was ended from outside/;
const stopped = /A thread stopped answering: the others waited 1\.5 s for it in vain/;

async function assertFails(trial: Trial, message: RegExp): Promise<void> {
  const { network } = trial;
  await assert.rejects(steps(trial, 3), { name: "HeddleError", message });
  // And so it stays, at once.
  await assert.rejects(steps(trial, 1), { name: "HeddleError", message });
  await assert.rejects(network.predict(upTo(2)), { name: "HeddleError", message });
  assert.ok(
    (await network.readParameters()).every(({ data }) => data.length > 0),
    "the weights can still be read",
  );
  await network.close();
}

describe("a thread that fails", () => {
  it("because it was ended while parked ends the run, before it begins", async () => {
    const { platform, workers, ended } = watched();
    // Its running statistics are the first that a step changes.
    const layers = [conv2d({ filters: 8, kernelSize: 3 }), batchNorm(), ...trialOptions.layers.slice(1)];
    const trial = await createTrial({ ...trialOptions, layers, threads: 3, platform });
    await steps(trial, 2);
    await workers[0].terminate();
    await assertFails(trial, ended1);
    assert.equal(ended.size, 2);
  });

  it("because it is being ended while steps go on ends the run", async () => {
    const { platform, workers, ended } = watched();
    const trial = await trialOf(platform);
    await steps(trial, 2);
    const ending = workers[1].terminate();
    // Nothing but a step that waits lets the event loop say that the worker is gone.
    await assert.rejects(steps(trial, 100_000), { name: "HeddleError", message: ended2 });
    await ending;
    await assertFails(trial, ended2);
    assert.equal(ended.size, 2);
  });

  it("because it exits within a step ends the run", async () => {
    const { platform, ended } = oneFaulty("process.exit(3);");
    await assertFails(await trialOf(platform), ended1);
    assert.equal(ended.size, 2);
  });

  it("because it is ended in the midst of a long step ends the run, and what waits for it", async () => {
    const { platform, workers, ended } = oneFaulty("for (;;);");
    const trial = await trialOf(platform, 3, 60_000);
    await steps(trial, 1);
    const step = steps(trial, 1);
    const behind = [trial.network.predict(upTo(2)), trial.network.setNormalization(plainNormalization(1))];
    setTimeout(() => void workers[0].terminate(), 20);
    for (const waiting of [step, behind[0]])
      await assert.rejects(waiting, { name: "HeddleError", message: ended1 });
    await behind[1];
    await trial.network.close();
    assert.equal(ended.size, 2);
  });

  it("because it throws ends the run with its message", async () => {
    const { platform, ended } = oneFaulty('throw new Error("out of ideas");');
    await assertFails(
      await trialOf(platform),
      /The threads stopped: thread 1 failed: Error: out of ideas\. Run again/,
    );
    assert.equal(ended.size, 2);
  });

  it("because it hangs ends the run, and is ended itself", async () => {
    const { platform, ended } = oneFaulty("for (;;);");
    await assertFails(await trialOf(platform), stopped);
    assert.equal(ended.size, 2);
  });

  it("while another program is made ends the run", async () => {
    const { platform, workers } = watched();
    const trial = await trialOf(platform);
    await steps(trial, 1);
    void workers[0].terminate();
    await assert.rejects(
      trial.network.trainStep({ indices: upTo(5), step: 1, optimizerStep: 1, seed: 0, learningRate: 0 }),
      {
        name: "HeddleError",
        message: ended1,
      },
    );
    await trial.network.close();
  });

  it("leaves weights that are whole, or says that they are not", async () => {
    const seen = { whole: 0, torn: 0 };
    // Where the machine is busy the other thread may take all that is left of a step: then it is tried again.
    for (let first = 1; first < 9 && (seen.whole === 0 || seen.torn === 0); first += 2)
      // A timed step asks for the time around every job: there it is made to fail, each time a little later.
      for (let calls = first; await failsAfter(calls, seen); calls += 9);
    assert.ok(seen.whole > 0 && seen.torn > 0, JSON.stringify(seen));
  });

  /** Counts what a step that asks so often for the time leaves of the weights; false where it doesn't fail. */
  async function failsAfter(calls: number, seen: Record<"whole" | "torn", number>): Promise<boolean> {
    const { platform } = watched(() => startFaulty("", calls));
    const trial = await createTrial({
      ...trialOptions,
      optimizer: muon(),
      threads: 2,
      platform,
      create: createTimedNetwork,
    });
    try {
      const before = await trial.network.readParameters();
      const failure: unknown = await steps(trial, 1).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) return false;
      assert.match(String(failure), /thread 1 failed: Error: out of time/);
      const now = await trial.network.readParameters().catch((error) => {
        assert.match(String(error), /some are new and some are old\. Go on from a copy made before/);
      });
      if (now) assert.deepEqual(now, before, `call ${calls}`);
      await (now ? trial.network.readOptimizerState() : assert.rejects(trial.network.readOptimizerState()));
      seen[now ? "whole" : "torn"]++;
      return true;
    } finally {
      await trial.network.close();
    }
  }

  it("because the platform refuses it leaves no other behind", async () => {
    let asked = 0;
    const { platform, workers, ended } = watched(() => {
      if (++asked === 3) throw new Error("no more threads");
      return nodePlatform.startWorker();
    });
    await assert.rejects(trialOf(platform, 4), /no more threads/);
    assert.deepEqual([workers.length, ended.size], [2, 2]);
  });

  it("because it never starts is named", async () => {
    const source = new URL("data:text/javascript,process.exit(1)");
    const { platform, ended } = watched(() => {
      const worker = new Worker(source, { execArgv: [] });
      return {
        postMessage: () => undefined,
        onMessage: () => undefined,
        onExit: (listener) => worker.on("exit", () => listener("it left at once")),
        terminate: async () => {
          await worker.terminate();
        },
      };
    });
    await assert.rejects(trialOf(platform), {
      name: "HeddleError",
      message: /Thread [12] could not start: it left at once/,
    });
    assert.equal(ended.size, 2);
  });

  it("because it lives but never answers is named", async () => {
    const source = new URL("data:text/javascript,setInterval(() => {}, 1000)");
    const { platform, ended } = watched(() => {
      const worker = new Worker(source, { execArgv: [] });
      return {
        postMessage: () => undefined,
        onMessage: () => undefined,
        onExit: (listener) => worker.on("exit", () => listener("it was ended from outside")),
        leave: () => assert.fail("it was asked to leave"),
        terminate: async () => {
          await worker.terminate();
        },
      };
    });
    await assert.rejects(trialOf(platform), {
      name: "HeddleError",
      message: /^Threads 1, 2 did not start within 1\.5 s: .* with fewer threads/,
    });
    assert.equal(ended.size, 2);
  });
});

describe("closing a network", () => {
  it("has every worker leave once, as often as it is asked", async () => {
    const { platform, workers, ended, left } = watched();
    const trial = await trialOf(platform, 4);
    await steps(trial, 1);
    await Promise.all([trial.network.close(), trial.network.close()]);
    await trial.network.close();
    assert.deepEqual([workers.length, left.length, ended.size], [3, 3, 0]);
  });

  for (const threads of [1, 2]) {
    it(`leaves nothing to run on: ${threads} threads`, async () => {
      const trial = await trialOf(nodePlatform, threads);
      await trial.network.close();
      await assert.rejects(steps(trial, 1), { name: "HeddleError", message: /the network was closed/ });
      await assert.rejects(trial.network.predict(upTo(1)), {
        name: "HeddleError",
        message: /the network was closed/,
      });
    });
  }
});
