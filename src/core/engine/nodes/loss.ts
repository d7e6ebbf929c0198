import { emitSoftmax, lossPartsBytes } from "../../kernels/softmax.js";
import { i32 } from "../../wasm/index.js";
import { batchBuffer, gradientOf, type Node, type Planner } from "../plan/node.js";
import { type Buffer, sampleAddress, type Tensor } from "../plan/tensor.js";

export interface LossPlaces {
  /** A word a sample. */
  readonly labels: number;
  /** A float a sample, where their losses are weighted. */
  readonly weights: number;
}

/** Softmax, and in training the cross-entropy with its gradient. */
export class LossNode implements Node {
  readonly name = "softmax cross-entropy";
  readonly output: Tensor;
  /** Where the sums that make up each sample's loss lie. */
  parts = 0;
  /** Where each sample's class probabilities lie (inference alone). */
  probabilities: Buffer | undefined;

  constructor(
    readonly input: Tensor,
    readonly classes: number,
    readonly labelSmoothing: number,
    readonly weighted: boolean,
    readonly places: LossPlaces,
  ) {
    this.output = input;
  }

  forward(planner: Planner): void {
    const { input, classes, labelSmoothing, weighted, places } = this;
    const { batch, training } = planner;
    this.parts = planner.workspace.allocate(lossPartsBytes * batch, "to the end");
    const out = training ? gradientOf(planner, input) : batchBuffer(planner, input.grid);
    if (!training) this.probabilities = out;
    const logits = input.values!;
    const softmax = emitSoftmax(
      planner.emitter,
      training ? { classes, labelSmoothing, weighted, gradientScale: 1 / batch } : { classes },
    );
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      f.call(softmax, {
        logits: sampleAddress(logits, sample, scratch),
        output: sampleAddress(out, sample, scratch),
        parts: i32.add(i32.mul(sample, lossPartsBytes), this.parts),
        label: i32.load(i32.add(i32.mul(sample, 4), places.labels)),
        weight: i32.add(i32.mul(sample, 4), places.weights),
      });
    });
  }

  backward(): void {}
}
