import { colourChange } from "../core/data/batch-augmentation.js";
import { addBiasGradient } from "../core/engine/jobs/weight-gradient-jobs.js";
import type { Planner } from "../core/engine/plan/node.js";
import type { Job } from "../core/engine/plan/step-schedule.js";
import {
  activationFacts,
  emitActivation,
  emitActivationGradient,
  emitActivationGradientApart,
} from "../core/kernels/activation.js";
import { emitAugmentedGather } from "../core/kernels/augmented-gather.js";
import { emitColour } from "../core/kernels/colour.js";
import { emitDropout } from "../core/kernels/dropout.js";
import { emitGather, normalizationBytes } from "../core/kernels/gather.js";
import { gridBytes } from "../core/kernels/grid.js";
import { emitGruStep, emitGruStepGradient } from "../core/kernels/gru.js";
import {
  emitLayerNorm,
  emitLayerNormInputGradient,
  emitLayerNormSums,
  pixelMomentBytes,
} from "../core/kernels/layer-norm.js";
import { emitLstmStep, emitLstmStepGradient } from "../core/kernels/lstm.js";
import { emitOptimizer } from "../core/kernels/optimizer.js";
import { emitPool, emitPoolGradient } from "../core/kernels/pool.js";
import { emitTranspose } from "../core/kernels/transpose.js";
import { emitWeightAverage } from "../core/kernels/weight-average.js";
import { emitCrop, emitZeroPad } from "../core/kernels/zero-pad.js";
import { activationNames } from "../core/layers/index.js";
import { adam, adamw, rmsprop, sgd } from "../core/optimizers/index.js";
import { type FunctionReference, type I32, i32 } from "../core/wasm/index.js";
import { type KernelRow, kernelBatch } from "./kernel-row.js";
import { lossRows, mixRow } from "./loss-rows.js";
import { perSample } from "./per-sample.js";

const activationKinds = activationNames.flatMap((name) => (name === "linear" ? [] : [name]));

/** The sizes of C1's output, the largest tensor of the Proposed CNN, and of the pool behind it. */
const wide = { height: 26, width: 26, pitch: 26, channels: 32 };
const pooled = { height: 13, width: 13, pitch: 13, channels: 32 };

function memoryRows(): KernelRow[] {
  const sampleBytes = gridBytes(wide);
  const pooledBytes = gridBytes(pooled);
  const total = kernelBatch * sampleBytes;
  const inPlace = (
    name: string,
    emit: (planner: Planner) => FunctionReference<"address" | "end">,
  ): KernelRow => ({
    name,
    bytes: 2 * total,
    plan: (planner, memory) => {
      const at = memory.allocate(total);
      const address = (sample: I32) => i32.add(i32.mul(sample, sampleBytes), at);
      return perSample(planner, name, emit(planner), (sample) => ({
        address: address(sample),
        end: i32.add(address(sample), sampleBytes),
      }));
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
      const large = (sample: I32) => i32.add(i32.mul(sample, sampleBytes), from);
      const small = (sample: I32) => i32.add(i32.mul(sample, pooledBytes), to);
      const won = (sample: I32) => i32.add(i32.mul(sample, pooledBytes / 4), winners);
      return back
        ? perSample(planner, kind, emitPoolGradient(planner.emitter, shape), (sample) => ({
            gradient: small(sample),
            winners: won(sample),
            to: large(sample),
          }))
        : perSample(planner, kind, emitPool(planner.emitter, shape, true), (sample) => ({
            from: large(sample),
            to: small(sample),
            winners: won(sample),
          }));
    },
  });
  return [
    pool("max", false),
    pool("max", true),
    pool("average", false),
    pool("average", true),
    ...activationKinds.flatMap((kind): KernelRow[] => [
      inPlace(`activation/${kind}`, (planner) => emitActivation(planner.emitter, { kind })),
      {
        name: `activation-gradient/${kind}`,
        bytes: 3 * total,
        plan: (planner, memory) => {
          const [gradient, other] = [memory.allocate(total), memory.allocate(total)];
          const at = (base: number, sample: I32) => i32.add(i32.mul(sample, sampleBytes), base);
          const whole = (sample: I32) => ({
            gradient: at(gradient, sample),
            end: i32.add(at(gradient, sample), sampleBytes),
          });
          return activationFacts(kind).slopeFrom === "output"
            ? perSample(planner, kind, emitActivationGradient(planner.emitter, { kind }), (sample) => ({
                ...whole(sample),
                output: at(other, sample),
              }))
            : perSample(planner, kind, emitActivationGradientApart(planner.emitter, { kind }), (sample) => ({
                ...whole(sample),
                input: at(other, sample),
                to: at(gradient, sample),
              }));
        },
      },
    ]),
    {
      name: "dropout",
      bytes: 2 * total,
      plan: (planner, memory) => {
        const at = memory.allocate(total);
        const address = (sample: I32) => i32.add(i32.mul(sample, sampleBytes), at);
        return perSample(planner, "dropout", emitDropout(planner.emitter, 0.25), (sample) => ({
          from: address(sample),
          to: address(sample),
          bytes: sampleBytes,
          key: 1,
          firstIndex: i32.mul(sample, sampleBytes / 4),
        }));
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
          const places = (sample: I32) => ({
            image: i32.add(i32.mul(sample, 784), images),
            out: i32.add(i32.mul(sample, 3136), out),
          });
          return augmented
            ? perSample(planner, "gather", emitAugmentedGather(planner.emitter, shape), (sample) => ({
                ...places(sample),
                affine,
                erase: affine + 32,
                crop: affine,
                colour: affine,
                how: 1,
              }))
            : perSample(planner, "gather", emitGather(planner.emitter, shape), places);
        },
      }),
    ),
    {
      name: "colour",
      bytes: 2 * kernelBatch * 32 * 32 * 3 * 4,
      plan: (planner, memory) => {
        const shape = { height: 32, width: 32, channels: 3, outChannels: 3 } as const;
        const images = memory.allocate(kernelBatch * 32 * 32 * 3 * 4);
        const { brightness, contrast, saturation, hue } = colourChange;
        const changes = Float32Array.of(brightness, 1, contrast, 1, saturation, 1, hue, 0.1, saturation, 1);
        const colour = planner.emitter.constants([...new Int32Array(changes.buffer)]);
        return perSample(planner, "colour", emitColour(planner.emitter, shape), (sample) => ({
          out: i32.add(i32.mul(sample, 32 * 32 * 3 * 4), images),
          colour,
        }));
      },
    },
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
      const update = emitOptimizer(planner.emitter, config, { address: memory.allocate(16) });
      const share = 32 * 1024;
      const run = planner.emitter.module.function(["task", "scratch"], (f, { task }) => {
        const [weights, gradients, first, second] = vectors.map((base) =>
          i32.add(i32.mul(task, share), base),
        );
        f.call(update, { weights, gradients, first, second, bytes: share });
      });
      return [{ name, tasks: optimizerBytes / share, run }];
    },
  }));
}

/** What a moving average adds to the optimizer's pass over the parameters. */
function averageRow(): KernelRow {
  const name = "weight-average";
  return {
    name,
    bytes: optimizerBytes * 3,
    plan: (planner, memory) => {
      const [average, weights] = [memory.allocate(optimizerBytes), memory.allocate(optimizerBytes)];
      const follow = emitWeightAverage(planner.emitter, { address: memory.allocate(16) });
      const share = 32 * 1024;
      const run = planner.emitter.module.function(["task", "scratch"], (f, { task }) => {
        const [a, w] = [average, weights].map((base) => i32.add(i32.mul(task, share), base));
        f.call(follow, { average: a, weights: w, bytes: share });
      });
      return [{ name, tasks: optimizerBytes / share, run }];
    },
  };
}

/** Layer normalization of C1's output, forward and back. */
function layerNormRows(): KernelRow[] {
  const pixels = wide.height * wide.width;
  const shape = { pixels, channels: wide.channels, width: wide.channels };
  const sampleBytes = gridBytes(wide);
  const momentBytes = pixels * pixelMomentBytes;
  const row = (
    name: string,
    tensors: number,
    plan: (
      planner: Planner,
      at: (tensor: number, sample: I32) => I32,
      moments: (sample: I32) => I32,
      channels: readonly number[],
    ) => Job[],
  ): KernelRow => ({
    name,
    bytes: kernelBatch * (tensors * sampleBytes + momentBytes),
    plan: (planner, memory) => {
      const bases = Array.from({ length: tensors }, () => memory.allocate(kernelBatch * sampleBytes));
      const moments = memory.allocate(kernelBatch * momentBytes);
      const channels = [memory.allocate(wide.channels * 4), memory.allocate(wide.channels * 4)];
      return plan(
        planner,
        (tensor, sample) => i32.add(i32.mul(sample, sampleBytes), bases[tensor]),
        (sample) => i32.add(i32.mul(sample, momentBytes), moments),
        channels,
      );
    },
  });
  return [
    row("layer-norm", 2, (planner, at, moments, [gamma, beta]) =>
      perSample(planner, "layer norm", emitLayerNorm(planner.emitter, shape, 1e-3), (sample) => ({
        x: at(0, sample),
        y: at(1, sample),
        gamma,
        beta,
        moments: moments(sample),
      })),
    ),
    row("layer-norm-sums", 2, (planner, at, moments, [gammaGradient, betaGradient]) =>
      perSample(planner, "layer norm", emitLayerNormSums(planner.emitter, shape), (sample) => ({
        gradient: at(0, sample),
        x: at(1, sample),
        moments: moments(sample),
        gammaGradient,
        betaGradient,
      })),
    ),
    row("layer-norm-gradient", 3, (planner, at, moments, [gamma]) =>
      perSample(planner, "layer norm", emitLayerNormInputGradient(planner.emitter, shape), (sample) => ({
        gradient: at(0, sample),
        x: at(1, sample),
        moments: moments(sample),
        gamma,
        to: at(2, sample),
      })),
    ),
  ];
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
      const at = (sample: I32, index: number) => i32.add(i32.mul(sample, state), states[index]);
      const common = (sample: I32) => ({
        gates: i32.add(i32.mul(sample, state * 4), gates),
        cellBefore: at(sample, 0),
      });
      return back
        ? perSample(planner, "lstm", emitLstmStepGradient(planner.emitter, units, false), (sample) => ({
            ...common(sample),
            cellTanh: at(sample, 1),
            hiddenGradient: at(sample, 2),
            cellGradient: at(sample, 3),
          }))
        : perSample(
            planner,
            "lstm",
            emitLstmStep(planner.emitter, units, { first: false, kept: true }),
            (sample) => ({
              ...common(sample),
              cell: at(sample, 1),
              cellTanh: at(sample, 2),
              hidden: at(sample, 3),
            }),
          );
    },
  });
  return [rows(false), rows(true)];
}

/** One step of a GRU of 128 units beyond its products, for a batch. */
function gruRows(): KernelRow[] {
  const units = 128;
  const state = units * 4;
  const rows = (back: boolean): KernelRow => ({
    name: `gru-step${back ? "-gradient" : ""}`,
    bytes: kernelBatch * state * (back ? 13 : 11),
    plan: (planner, memory) => {
      const sums = Array.from({ length: 2 }, () => memory.allocate(kernelBatch * state * 3));
      const states = Array.from({ length: 3 }, () => memory.allocate(kernelBatch * state));
      const recurrentBias = memory.allocate(state * 3);
      const at = (sample: I32, index: number) => i32.add(i32.mul(sample, state), states[index]);
      const common = (sample: I32) => {
        const [gates, recurrent] = sums.map((base) => i32.add(i32.mul(sample, state * 3), base));
        return { gates, recurrent, hiddenBefore: at(sample, 0) };
      };
      const { emitter } = planner;
      return back
        ? perSample(
            planner,
            "gru",
            emitGruStepGradient(emitter, units, { first: false, adds: false }),
            (sample) => ({
              ...common(sample),
              hiddenGradient: at(sample, 1),
              gradientBefore: at(sample, 2),
            }),
          )
        : perSample(planner, "gru", emitGruStep(emitter, units, { first: false, kept: true }), (sample) => ({
            ...common(sample),
            recurrentBias,
            hidden: at(sample, 1),
          }));
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
      const run = planner.emitter.module.function(["task", "scratch"], (f, { task }) =>
        f.call(kernel, { from, to, firstBlock: task, endBlock: i32.add(task, 1) }),
      );
      return [{ name: "transpose", tasks: 4, run }];
    },
  };
}

/** A column and a row of zeros around the pool's output, and cut off again. */
function padRows(): KernelRow[] {
  const outer = { ...pooled, height: pooled.height + 2, width: pooled.width + 2, pitch: pooled.pitch + 2 };
  const shape = { inner: pooled, outer, top: 1, left: 1 };
  const [innerBytes, outerBytes] = [gridBytes(pooled), gridBytes(outer)];
  return (["zero-pad", "zero-pad-gradient"] as const).map((name) => ({
    name,
    bytes: kernelBatch * (innerBytes + (name === "zero-pad" ? outerBytes : innerBytes)),
    plan: (planner, memory) => {
      const [inner, around] = [innerBytes, outerBytes].map((bytes) => {
        const base = memory.allocate(kernelBatch * bytes);
        return (sample: I32) => i32.add(i32.mul(sample, bytes), base);
      });
      return name === "zero-pad"
        ? perSample(planner, name, emitZeroPad(planner.emitter, shape), (sample) => ({
            from: inner(sample),
            to: around(sample),
          }))
        : perSample(planner, name, emitCrop(planner.emitter, shape), (sample) => ({
            from: around(sample),
            to: inner(sample),
          }));
    },
  }));
}

export const memoryKernelRows: readonly KernelRow[] = [
  ...padRows(),
  ...memoryRows(),
  ...lossRows(),
  mixRow(),
  ...optimizerRows(),
  averageRow(),
  ...layerNormRows(),
  ...lstmRows(),
  ...gruRows(),
  biasRow(),
  transposeRow(),
];
