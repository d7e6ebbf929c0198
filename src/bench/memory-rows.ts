import { control } from "../core/engine/control.js";
import type { Planner } from "../core/engine/node.js";
import type { Job } from "../core/engine/schedule.js";
import { addBiasGradient } from "../core/engine/weight-gradient-jobs.js";
import { emitActivation, emitActivationGradient, emitDropout } from "../core/kernels/elementwise.js";
import { emitAugmentedGather, emitGather, normalizationBytes } from "../core/kernels/gather.js";
import { gridBytes } from "../core/kernels/grid.js";
import { emitLstmStep, emitLstmStepGradient } from "../core/kernels/lstm.js";
import { emitOptimizer } from "../core/kernels/optimizer.js";
import { emitPool, emitPoolGradient } from "../core/kernels/pool.js";
import { emitSoftmax } from "../core/kernels/softmax.js";
import { emitTranspose } from "../core/kernels/transpose.js";
import { adam, adamw, rmsprop, sgd } from "../core/optimizers/index.js";
import { type FunctionReference, type I32, i32 } from "../core/wasm/index.js";
import { type KernelRow, kernelBatch } from "./kernel-row.js";

/** A job that calls a kernel once a sample with addresses of its own for each. */
function perSample(
  planner: Planner,
  name: string,
  kernel: FunctionReference,
  args: (sample: I32) => readonly (I32 | number)[],
): Job[] {
  const run = planner.emitter.module.function(2, (f, task) => f.call(kernel, ...args(task)));
  return [{ name, tasks: kernelBatch, run }];
}

/** The sizes of C1's output, the largest tensor of the Proposed CNN, and of the pool behind it. */
const wide = { height: 26, width: 26, pitch: 26, channels: 32 };
const pooled = { height: 13, width: 13, pitch: 13, channels: 32 };

function memoryRows(): KernelRow[] {
  const sampleBytes = gridBytes(wide);
  const pooledBytes = gridBytes(pooled);
  const total = kernelBatch * sampleBytes;
  const inPlace = (name: string, emit: (planner: Planner) => FunctionReference): KernelRow => ({
    name,
    bytes: 2 * total,
    plan: (planner, memory) => {
      const at = memory.allocate(total);
      const address = (sample: I32) => i32.add(i32.mul(sample, sampleBytes), at);
      return perSample(planner, name, emit(planner), (sample) => [
        address(sample),
        i32.add(address(sample), sampleBytes),
      ]);
    },
  });
  const pool = (kind: "max" | "average", back: boolean): KernelRow => ({
    name: `${kind}-pool${back ? "-gradient" : ""}`,
    bytes: total + kernelBatch * pooledBytes,
    plan: (planner, memory) => {
      const from = memory.allocate(total);
      const to = memory.allocate(kernelBatch * pooledBytes);
      const winners = memory.allocate((kernelBatch * pooledBytes) / 4);
      const shape = { kind, input: wide, output: pooled, poolSize: [2, 2], strides: [2, 2] } as const;
      const at = (base: number, bytes: number, sample: I32) => i32.add(i32.mul(sample, bytes), base);
      const kernel = back ? emitPoolGradient(planner.emitter, shape) : emitPool(planner.emitter, shape, true);
      return perSample(planner, kind, kernel, (sample) => {
        const large = at(from, sampleBytes, sample);
        const small = at(to, pooledBytes, sample);
        const won = at(winners, pooledBytes / 4, sample);
        return back ? [small, won, large] : [large, small, won];
      });
    },
  });
  return [
    pool("max", false),
    pool("max", true),
    pool("average", false),
    pool("average", true),
    ...(["relu", "tanh", "sigmoid"] as const).flatMap((kind): KernelRow[] => [
      inPlace(`activation/${kind}`, (planner) => emitActivation(planner.emitter, kind)),
      {
        name: `activation-gradient/${kind}`,
        bytes: 3 * total,
        plan: (planner, memory) => {
          const [gradient, output] = [memory.allocate(total), memory.allocate(total)];
          const kernel = emitActivationGradient(planner.emitter, kind);
          const at = (base: number, sample: I32) => i32.add(i32.mul(sample, sampleBytes), base);
          return perSample(planner, kind, kernel, (sample) => [
            at(gradient, sample),
            i32.add(at(gradient, sample), sampleBytes),
            at(output, sample),
          ]);
        },
      },
    ]),
    {
      name: "dropout",
      bytes: 2 * total,
      plan: (planner, memory) => {
        const at = memory.allocate(total);
        const address = (sample: I32) => i32.add(i32.mul(sample, sampleBytes), at);
        return perSample(planner, "dropout", emitDropout(planner.emitter, 0.25), (sample) => [
          address(sample),
          address(sample),
          sampleBytes,
          1,
          i32.mul(sample, sampleBytes / 4),
        ]);
      },
    },
    {
      name: "softmax-cross-entropy",
      bytes: kernelBatch * 112,
      plan: (planner, memory) => {
        const at = memory.allocate(kernelBatch * 48);
        const parts = memory.allocate(kernelBatch * 16);
        const kernel = emitSoftmax(planner.emitter, { classes: 10, gradientScale: 1 / kernelBatch });
        const logits = (sample: I32) => i32.add(i32.mul(sample, 48), at);
        return perSample(planner, "softmax", kernel, (sample) => [
          logits(sample),
          logits(sample),
          i32.add(i32.mul(sample, 16), parts),
          i32.remU(sample, 10),
        ]);
      },
    },
    ...([false, true] as const).map(
      (augmented): KernelRow => ({
        name: augmented ? "gather-augmented" : "gather",
        bytes: kernelBatch * 28 * 28 * 5,
        plan: (planner, memory) => {
          const images = memory.allocate(kernelBatch * 784);
          const out = memory.allocate(kernelBatch * 784 * 4);
          const affine = memory.allocate(64);
          const shape = {
            height: 28,
            width: 28,
            channels: 1,
            outChannels: 1,
            normalization: memory.allocate(normalizationBytes(1)),
          };
          const kernel = (augmented ? emitAugmentedGather : emitGather)(planner.emitter, shape);
          return perSample(planner, "gather", kernel, (sample) => {
            const common = [i32.add(i32.mul(sample, 784), images), i32.add(i32.mul(sample, 3136), out)];
            return augmented ? [...common, affine, affine + 32] : common;
          });
        },
      }),
    ),
  ];
}

/** Parameters of the Proposed CNN, rounded up to tasks. */
const optimizerBytes = 60 * 32 * 1024;

function optimizerRows(): KernelRow[] {
  const configs = { sgd: sgd({ momentum: 0.9 }), adam: adam(), adamw: adamw(), rmsprop: rmsprop() };
  return Object.entries(configs).map(([name, config]) => ({
    name: `optimizer/${name}`,
    bytes: optimizerBytes * (name === "adam" || name === "adamw" ? 7 : 5),
    plan: (planner, memory) => {
      const vectors = Array.from({ length: 4 }, () => memory.allocate(optimizerBytes));
      const update = emitOptimizer(planner.emitter, config, { address: control.stepNumbers });
      const share = 32 * 1024;
      const run = planner.emitter.module.function(2, (f, task) => {
        const at = (base: number) => i32.add(i32.mul(task, share), base);
        f.call(update, at(vectors[0]), at(vectors[1]), at(vectors[2]), at(vectors[3]), share);
      });
      return [{ name, tasks: optimizerBytes / share, run }];
    },
  }));
}

/** One step of an LSTM of 128 units beyond its products, for a batch. */
function lstmRows(): KernelRow[] {
  const units = 128;
  const state = units * 4;
  const rows = (back: boolean): KernelRow => ({
    name: `lstm-step${back ? "-gradient" : ""}`,
    bytes: kernelBatch * state * (back ? 13 : 12),
    plan: (planner, memory) => {
      const gates = memory.allocate(kernelBatch * state * 4);
      const states = Array.from({ length: 4 }, () => memory.allocate(kernelBatch * state));
      const kernel = (back ? emitLstmStepGradient : emitLstmStep)(planner.emitter, units, false);
      return perSample(planner, "lstm", kernel, (sample) => [
        i32.add(i32.mul(sample, state * 4), gates),
        ...states.map((at) => i32.add(i32.mul(sample, state), at)),
      ]);
    },
  });
  return [rows(false), rows(true)];
}

/** Column sums of C2's output gradient, as its bias wants them. */
function biasRow(): KernelRow {
  const rows = kernelBatch * 100;
  return {
    name: "bias-gradient/C2",
    bytes: rows * 256,
    plan: (planner, memory) => {
      const [from, to] = [memory.allocate(rows * 256), memory.allocate(256)];
      addBiasGradient(planner, "C2", from, { groups: 1, groupBytes: 0, rows, rowBytes: 256 }, 64, to);
      return [];
    },
  };
}

function transposeRow(): KernelRow {
  const bytes = 9 * 32 * 64 * 4;
  return {
    name: "transpose/C2",
    bytes: 2 * bytes,
    plan: (planner, memory) => {
      const [from, to] = [memory.allocate(bytes), memory.allocate(bytes)];
      const shape = { kernelSize: [3, 3], strides: [1, 1], inChannels: 32, outChannels: 64 } as const;
      const kernel = emitTranspose(planner.emitter, shape);
      const run = planner.emitter.module.function(2, (f, task) =>
        f.call(kernel, from, to, task, i32.add(task, 1)),
      );
      return [{ name: "transpose", tasks: 4, run }];
    },
  };
}

export const memoryKernelRows: readonly KernelRow[] = [
  ...memoryRows(),
  ...optimizerRows(),
  ...lstmRows(),
  biasRow(),
  transposeRow(),
];
