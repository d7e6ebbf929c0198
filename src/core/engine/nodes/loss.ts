import { emitCopy } from "../../kernels/copy.js";
import { emitSigmoid, emitSigmoidCrossEntropy } from "../../kernels/sigmoid-cross-entropy.js";
import { type DistilledLoss, emitSoftmax, lossPartsBytes } from "../../kernels/softmax.js";
import type { LossName } from "../../loss.js";
import { i32, type Local } from "../../wasm/index.js";
import { batchBuffer, gradientOf, type Node, type Planner } from "../plan/node.js";
import type { SampleContext } from "../plan/step-schedule.js";
import { type Buffer, padded, sampleAddress, type Tensor } from "../plan/tensor.js";

export interface LossPlaces {
  /** A word a sample. */
  readonly labels: number;
  /** A float a class and sample, up to whole vectors, where targets are soft. */
  readonly targets: number;
  /** A float a sample, where their losses are weighted. */
  readonly weights: number;
}

/** What is made small, and of what. */
export interface LossSettings {
  readonly loss: LossName;
  readonly labelSmoothing: number;
  readonly weighted: boolean;
  /** Whether predictions are the graph's own numbers. */
  readonly raw: boolean;
  /** Whether each step has its samples' targets, a number a class, beside their labels. */
  readonly soft: boolean;
  /** Of soft targets: see `DistilledLoss`. */
  readonly distillation?: DistilledLoss;
}

/** Bytes from one sample's targets to the next's. */
export const targetBytes = (classes: number): number => padded(classes) * 4;

/** What the outputs are made of the logits, and in training the loss with its gradient. */
export class LossNode implements Node {
  readonly name: string;
  readonly output: Tensor;
  /** Where the sums that make up each sample's loss lie. */
  parts = 0;
  /** Where each sample's probabilities lie (inference alone). */
  probabilities: Buffer | undefined;

  constructor(
    readonly input: Tensor,
    readonly classes: number,
    readonly settings: LossSettings,
    readonly places: LossPlaces,
  ) {
    this.name = settings.loss === "crossEntropy" ? "softmax cross-entropy" : "sigmoid cross-entropy";
    this.output = input;
  }

  forward(planner: Planner): void {
    const { input } = this;
    const { batch, training } = planner;
    this.parts = planner.workspace.allocate(lossPartsBytes * batch, "to the end");
    const out = training ? gradientOf(planner, input) : batchBuffer(planner, input.grid);
    if (!training) this.probabilities = out;
    const logits = input.values!;
    const call = this.#kernel(planner);
    planner.schedule.perSample(this.name, (context) => {
      const { sample, scratch } = context;
      call(context, {
        logits: sampleAddress(logits, sample, scratch),
        output: sampleAddress(out, sample, scratch),
      });
    });
  }

  /** Emits what works on one sample. @returns what calls it */
  #kernel({ emitter, batch, training }: Planner) {
    const { classes, places } = this;
    const { loss, labelSmoothing, weighted, soft, distillation } = this.settings;
    const partsOf = (sample: Local<"i32">) => i32.add(i32.mul(sample, lossPartsBytes), this.parts);
    const weightOf = (sample: Local<"i32">) => i32.add(i32.mul(sample, 4), places.weights);
    const targetsOf = (sample: Local<"i32">) =>
      i32.add(i32.mul(sample, targetBytes(classes)), places.targets);
    type Values = Readonly<Record<"logits" | "output", ReturnType<typeof sampleAddress>>>;
    if (!training && this.settings.raw) {
      const copy = emitCopy(emitter);
      return ({ f }: SampleContext, { logits, output }: Values): void => {
        const to = f.let(output);
        f.call(copy, { from: logits, to, end: i32.add(to, padded(classes) * 4) });
      };
    }
    if (loss === "crossEntropy") {
      const kernel = emitSoftmax(
        emitter,
        training
          ? { classes, labelSmoothing, weighted, soft, distillation, gradientScale: 1 / batch }
          : { classes },
      );
      return ({ f, sample }: SampleContext, values: Values): void =>
        f.call(kernel, {
          ...values,
          parts: partsOf(sample),
          target: training && soft ? targetsOf(sample) : i32.load(i32.add(i32.mul(sample, 4), places.labels)),
          weight: weightOf(sample),
        });
    }
    if (!training) {
      const kernel = emitSigmoid(emitter, classes);
      return ({ f }: SampleContext, values: Values): void => f.call(kernel, values);
    }
    const gradientScale = 1 / (batch * classes);
    const kernel = emitSigmoidCrossEntropy(emitter, {
      labels: classes,
      labelSmoothing,
      weighted,
      gradientScale,
    });
    return ({ f, sample }: SampleContext, values: Values): void =>
      f.call(kernel, {
        ...values,
        parts: partsOf(sample),
        targets: targetsOf(sample),
        weight: weightOf(sample),
      });
  }

  backward(): void {}
}
