import type { Planner } from "../core/engine/plan/node.js";
import type { Job } from "../core/engine/plan/step-schedule.js";
import { gridBytes } from "../core/kernels/grid.js";
import { emitMix, mixingBytes } from "../core/kernels/mix.js";
import { emitSigmoidCrossEntropy } from "../core/kernels/sigmoid-cross-entropy.js";
import { emitSoftmax } from "../core/kernels/softmax.js";
import { type Arguments, type I32, i32 } from "../core/wasm/index.js";
import { type KernelRow, kernelBatch } from "./kernel-row.js";
import { perSample } from "./per-sample.js";

/** Where a sample's numbers lie, and what works on them. */
type LossPlan = (
  planner: Planner,
  places: (sample: I32) => Arguments<"logits" | "output" | "parts" | "targets" | "weight">,
) => Job[];

/** What the losses make of a batch of ten logits an image: of labels, of soft targets, and of several labels. */
export function lossRows(): KernelRow[] {
  const rowBytes = 48;
  const row = (name: string, soft: boolean, plan: LossPlan): KernelRow => ({
    name,
    bytes: kernelBatch * (2 * rowBytes + 16 + (soft ? rowBytes : 0)),
    plan: (planner, memory) => {
      const [at, targets] = [
        memory.allocate(kernelBatch * rowBytes),
        memory.allocate(kernelBatch * rowBytes),
      ];
      const parts = memory.allocate(kernelBatch * 16);
      const rowOf = (base: number) => (sample: I32) => i32.add(i32.mul(sample, rowBytes), base);
      return plan(planner, (sample) => ({
        logits: rowOf(at)(sample),
        output: rowOf(at)(sample),
        parts: i32.add(i32.mul(sample, 16), parts),
        targets: rowOf(targets)(sample),
        weight: 0,
      }));
    },
  });
  const gradientScale = 1 / kernelBatch;
  const softmax =
    (soft: boolean): LossPlan =>
    (planner, places) => {
      const kernel = emitSoftmax(planner.emitter, { classes: 10, gradientScale, soft });
      return perSample(planner, "softmax", kernel, (sample) => {
        const { targets, ...others } = places(sample);
        return { ...others, target: soft ? targets : i32.remU(sample, 10) };
      });
    };
  return [
    row("softmax-cross-entropy", false, softmax(false)),
    row("softmax-cross-entropy-soft", true, softmax(true)),
    row("sigmoid-cross-entropy", true, (planner, places) =>
      perSample(
        planner,
        "sigmoid",
        emitSigmoidCrossEntropy(planner.emitter, { labels: 10, gradientScale: gradientScale / 10 }),
        places,
      ),
    ),
  ];
}

/** Images of 28 × 28 blended with others. */
export function mixRow(): KernelRow {
  const grid = { height: 28, width: 28, pitch: 28, channels: 1 };
  const bytes = gridBytes(grid);
  return {
    name: "mix",
    bytes: kernelBatch * bytes * 3,
    plan: (planner, memory) => {
      const [own, others] = [memory.allocate(kernelBatch * bytes), memory.allocate(kernelBatch * bytes)];
      // Zeros: how a step blends where no box is named.
      const mixing = memory.allocate(mixingBytes);
      const kernel = emitMix(planner.emitter, grid);
      return perSample(planner, "mix", kernel, (sample) => ({
        out: i32.add(i32.mul(sample, bytes), own),
        other: i32.add(i32.mul(sample, bytes), others),
        mixing,
      }));
    },
  };
}
