import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.js";
import { chainOf, type Graph, tensorsOf } from "../graph/index.js";
import { clipByGlobalNorm } from "../kernels/reference/clip.js";
import { optimizerState, optimizerStep } from "../kernels/reference/optimizers.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import {
  activation,
  batchNorm,
  bilstm,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  gru,
  type Layer,
  layerNorm,
  maxPool2d,
  reshape,
} from "../layers/index.js";
import { adam, adamw, muon, muonMatrices, type OptimizerConfig, rmsprop, sgd } from "../optimizers/index.js";
import type { ResolvedGroup } from "../optimizers/parameter-groups.js";
import { createTimedNetwork } from "./create.js";
import type { TimedNetwork } from "./network.js";
import { createTrial, gradientFaults, type Trial, type TrialOptions, upTo } from "./testing/trial.js";

const batch = 4;

const group = (match: string, rest: Partial<ResolvedGroup> = {}): ResolvedGroup => {
  return { match, learningRateFactor: 1, frozen: false, ...rest };
};

const frozen = (...matches: readonly string[]): ResolvedGroup[] =>
  matches.map((match) => group(match, { frozen: true }));

async function withTrial<T>(
  options: Omit<TrialOptions, "platform" | "batch">,
  check: (trial: Trial) => Promise<T>,
): Promise<T> {
  const trial = await createTrial({ ...options, batch, platform: nodePlatform });
  try {
    return await check(trial);
  } finally {
    await trial.network.close();
  }
}

const step = ({ network }: Trial, at: number, learningRate = 0.01) =>
  network.trainStep({ indices: upTo(batch), step: at, optimizerStep: at, seed: 3, learningRate });

const bytesOf = (tensors: readonly { readonly data: Float32Array }[]): Buffer =>
  Buffer.concat(tensors.map(({ data }) => new Uint8Array(data.buffer)));

/** Every kind of layer with tensors, by every way that the engine computes it. */
const bodies: readonly (readonly [readonly Layer[], readonly number[]])[] = [
  [
    [
      conv2d({ filters: 6, kernelSize: 3, activation: "relu" }),
      batchNorm(),
      depthwiseConv2d({ kernelSize: 3, padding: "same" }),
      layerNorm(),
      conv2d({ filters: 6, kernelSize: 1, groups: 2 }),
      batchNorm(),
      activation("relu"),
      flatten(),
      dense({ units: 4 }),
    ],
    [8, 7, 2],
  ],
  [
    [
      conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" }),
      conv2d({ filters: 16, kernelSize: 3, padding: "same" }),
      batchNorm(),
      conv2d({ filters: 24, kernelSize: 3, padding: "same", activation: "relu" }),
      maxPool2d(),
      dropout(0.2),
      globalAveragePool2d(),
      dense({ units: 3 }),
    ],
    [8, 8, 1],
  ],
  [
    [
      reshape({ targetShape: [6, 8] }),
      bilstm({ units: 3, returnSequences: true }),
      gru({ units: 4 }),
      dense({ units: 90, activation: "relu" }),
      dense({ units: 3 }),
    ],
    [6, 8, 1],
  ],
];

const graphs = bodies.map(([layers, inputShape]) => chainOf(layers, inputShape));
const trainedNames = (graph: Graph): string[] =>
  tensorsOf(graph).flatMap(({ name, kept }) => (kept ? [] : [name]));

const checkFrozen = async (graph: Graph, parameterGroups: ResolvedGroup[], names: readonly string[]) => {
  const all = tensorsOf(graph).map(({ name }) => name);
  assert.ok(names.every((name) => all.includes(name)));
  const trained = (threads: number) =>
    withTrial(
      { graph, parameterGroups, threads, tiling: threads === 1 ? narrowTiling : wideTilings[0] },
      async (trial) => {
        if (threads === 1) assert.deepEqual(await gradientFaults(trial, upTo(batch), 3), []);
        else await gradientFaults(trial, upTo(batch), 3);
        for (const at of [4, 5]) await step(trial, at);
        const after = await trial.network.readParameters();
        const moved = new Set(
          after
            .filter(
              ({ name, data }) => !bytesOf([{ data }]).equals(bytesOf([{ data: trial.weights.get(name)! }])),
            )
            .map(({ name }) => name),
        );
        for (const name of names) assert.ok(!moved.has(name), `${name} moved`);
        const states = (await trial.network.readOptimizerState()).map(({ name }) => name);
        const expected = trainedNames(graph).filter((name) => !names.includes(name));
        assert.deepEqual(
          states,
          ["firstMoment", "secondMoment"].flatMap((slot) => expected.map((name) => `${slot}/${name}`)),
        );
        return bytesOf(after);
      },
    );
  assert.ok((await trained(1)).equals(await trained(3)), "other bytes on three threads, in wide tiles");
};

/** The names of a training step's jobs, a line each. */
async function jobsOf(
  graph: Graph,
  parameterGroups: ResolvedGroup[],
  kind: "train" | "infer" = "train",
): Promise<string> {
  const network: TimedNetwork = await createTimedNetwork({
    graph,
    trainBatchSize: batch,
    inferenceBatchSize: 2,
    optimizer: adam(),
    parameterGroups,
    threads: 1,
    platform: nodePlatform,
  });
  try {
    return network
      .takeTimes(kind)
      .map(({ name }) => name)
      .join("\n");
  } finally {
    await network.close();
  }
}

describe("frozen tensors", () => {
  it("stay to the bit, while the others have the twin's gradients, whichever they are", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...graphs).chain((graph) => {
          const names = trainedNames(graph);
          const some = fc.subarray(names, { minLength: 1, maxLength: names.length - 1 });
          return some.map((chosen) => ({ graph, chosen }));
        }),
        ({ graph, chosen }) => checkFrozen(graph, frozen(...chosen), chosen),
      ),
      {
        numRuns: 6,
        seed: 11,
        examples: [
          [{ graph: graphs[0], chosen: ["batchNorm_1.gamma", "layerNorm_1.beta", "conv2d_2.bias"] }],
          [{ graph: graphs[0], chosen: ["batchNorm_1.beta", "layerNorm_1.gamma", "conv2d_2.kernel"] }],
          [{ graph: graphs[1], chosen: ["conv2d_1.kernel", "conv2d_2.bias", "conv2d_3.kernel"] }],
        ],
      },
    ));

  it("of a batch norm have it go by its running statistics, and keep them", async () => {
    const graph = graphs[1];
    const parameterGroups = frozen("batchNorm_1.*");
    await checkFrozen(graph, parameterGroups, [
      "batchNorm_1.gamma",
      "batchNorm_1.beta",
      "batchNorm_1.runningMean",
      "batchNorm_1.runningVariance",
    ]);
    const withOne = await withTrial(
      { graph, parameterGroups: frozen("batchNorm_1.gamma") },
      async (trial) => {
        await step(trial, 0);
        const tensors = await trial.network.readParameters();
        const { data } = tensors.find(({ name }) => name === "batchNorm_1.runningMean")!;
        return [...data].some((value, at) => value !== trial.weights.get("batchNorm_1.runningMean")![at]);
      },
    );
    assert.ok(withOne, "β is trained still");
  });

  it("cost nothing below the lowest that is trained", async () => {
    const [graph] = graphs;
    const jobs = (parameterGroups: ResolvedGroup[]) => jobsOf(graph, parameterGroups);
    const head = await jobs([group("dense_1.*"), ...frozen("*")]);
    assert.match(head, /dense_1 weight gradient/);
    assert.doesNotMatch(head, /(conv2d|Norm|depthwise|activation)\S* .*(gradient|moments)|dense_1 data/);
    assert.match(head, /batchNorm_1/, "which follows an activation");
    assert.match(await jobs([]), /conv2d_1 weight gradient/);
    const top = await jobs(frozen("conv2d_1.*", "batchNorm_1.*", "depthwiseConv2d_1.*", "layerNorm_1.*"));
    assert.match(top, /conv2d_2 group 1 weight gradient/);
    assert.doesNotMatch(top, /(conv2d_1|batchNorm_1|depthwise\S*|layerNorm_1) \S*\s?(gradient|moments)/);
    assert.doesNotMatch(top, /conv2d_2 \S* ?\S* data gradient/);
  });

  it("of a body are folded as in inference, and give what its layers would", async () => {
    const layers = [
      conv2d({ filters: 16, kernelSize: 3, padding: "same" }),
      batchNorm(),
      activation("relu"),
      depthwiseConv2d({ kernelSize: 3, useBias: false }),
      batchNorm(),
      conv2d({ filters: 8, kernelSize: 1 }),
      batchNorm(),
      globalAveragePool2d(),
      dense({ units: 3 }),
    ];
    const graph = chainOf(layers, [8, 8, 2]);
    const body = trainedNames(graph).filter((name) => !name.startsWith("dense_1"));
    await checkFrozen(graph, frozen(...body), body);
    const above = body.filter((name) => !/conv2d_1|batchNorm_3/.test(name));
    await checkFrozen(graph, frozen(...above), above);
    for (const kind of ["train", "infer"] as const) {
      const names = await jobsOf(graph, [group("dense_1.*"), ...frozen("*")], kind);
      assert.deepEqual(
        ["batchNorm_1", "batchNorm_2", "batchNorm_3"].filter((name) => names.split("\n").includes(name)),
        [],
      );
      assert.match(names, /conv2d_1 folded/);
    }
  });

  it("count in no norm of gradients", () =>
    withTrial({ graph: graphs[0], parameterGroups: frozen("conv2d_1.*"), clipNorm: 1e-4 }, async (trial) => {
      await step(trial, 0);
      const gradients = trial.network.readGradients();
      assert.ok(!gradients.some(({ name }) => name.startsWith("conv2d_1.")));
      const norm = clipByGlobalNorm(
        gradients.map(({ data }) => Float64Array.from(data)),
        1,
      );
      assert.ok(Math.abs(norm / 1e-4 - 1) < 1e-5, `${norm}`);
    }));
});

describe("parameter groups", () => {
  const layers = [
    conv2d({ filters: 5, kernelSize: 3, activation: "tanh" }),
    flatten(),
    dense({ units: 7, activation: "tanh" }),
    dense({ units: 6, activation: "tanh" }),
    dense({ units: 4 }),
  ];
  const inputShape = [6, 6, 2];
  const graph = chainOf(layers, inputShape);
  const matrices = muonMatrices(graph);
  const optimizers: readonly OptimizerConfig[] = [
    sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.02 }),
    adam(),
    adamw({ weightDecay: 0.1 }),
    rmsprop({ momentum: 0.5 }),
    muon({ iterations: 3, weightDecay: 0.1 }),
  ];

  for (const optimizer of optimizers) {
    const decays = "weightDecay" in optimizer;
    const own = decays ? { weightDecay: 0.3 } : {};
    const parameterGroups = [
      group("*_1.bias", { frozen: true }),
      group("dense_1*", { learningRateFactor: 0.25, ...own }),
      group("*.bias", decays ? { weightDecay: 0 } : { learningRateFactor: 3 }),
    ];

    it(`move what is theirs as ${optimizer.name}'s twin does at their rate and decay`, () =>
      withTrial({ graph, optimizer, parameterGroups }, async (trial) => {
        const twins = new Map(
          [...trial.weights].map(([name, values]) => [
            name,
            { values: Float64Array.from(values), state: optimizerState(values.length) },
          ]),
        );
        for (const [at, learningRate] of [0.01, 0.03, 0.02].entries()) {
          await step(trial, at, learningRate);
          for (const { name, data } of trial.network.readGradients()) {
            const { values, state } = twins.get(name)!;
            const factor = name.startsWith("dense_1") ? 0.25 : name.endsWith("bias") && !decays ? 3 : 1;
            const decay = name.startsWith("dense_1") ? 0.3 : name.endsWith("bias") ? 0 : undefined;
            const config = decays && decay !== undefined ? { ...optimizer, weightDecay: decay } : optimizer;
            const gradient = Float64Array.from(data);
            optimizerStep(config, values, gradient, state, at, learningRate * factor, matrices.get(name));
          }
        }
        for (const { name, data } of await trial.network.readParameters())
          data.forEach((value, index) => {
            const wanted = twins.get(name)!.values[index];
            assert.ok(Math.abs(value - wanted) < 2e-6, `${name}[${index}]: ${value}, not ${wanted}`);
          });
      }));

    it(`of all tensors are ${optimizer.name} at another rate, to the bit`, async () => {
      const trained = (groups: ResolvedGroup[], learningRate: number, threads = 1) =>
        withTrial({ graph, optimizer, parameterGroups: groups, threads }, async (trial) => {
          for (const at of [0, 1, 2]) await step(trial, at, learningRate);
          return bytesOf(await trial.network.readParameters());
        });
      const plain = await trained([], 0.01);
      const halved = [
        group("*.kernel", { learningRateFactor: 0.5 }),
        group("*", { learningRateFactor: 0.5 }),
      ];
      assert.ok((await trained(halved, 0.02)).equals(plain));
      assert.ok((await trained([group("dense_1.*")], 0.01)).equals(plain));
      const [one, three] = [await trained(parameterGroups, 0.01), await trained(parameterGroups, 0.01, 3)];
      assert.ok(one.equals(three));
      assert.ok(!one.equals(plain));
    });
  }
});
