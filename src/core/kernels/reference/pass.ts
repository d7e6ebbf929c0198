import type { Shape } from "../../layers/layer.js";

/** Tensors of one layer by name: `kernel`, `bias`. */
export type LayerTensors = Readonly<Record<string, Float64Array>>;

/** What one layer is run on. */
export interface LayerRun {
  /** Of one sample of each input. */
  readonly shapes: readonly Shape[];
  /** [batch, ...shape] of each. */
  readonly inputs: readonly Float64Array[];
  readonly tensors: LayerTensors;
  readonly batch: number;
  readonly training: boolean;
  /** Whether the layer has tensors and none of them is trained. */
  readonly frozen: boolean;
  /** Of this layer in this step, where dropout drops. */
  readonly dropoutKey?: number;
}

/** One layer's forward pass over a batch, and the way back from it. */
export interface LayerPass {
  readonly output: Float64Array;
  /** What the pass leaves in tensors that it keeps: running statistics. */
  readonly kept?: LayerTensors;
  /** The gradients from that of the output: of each input, and of the tensors that are trained. */
  backward(outputGradient: Float64Array): {
    readonly inputs: readonly Float64Array[];
    readonly tensors: LayerTensors;
  };
}
