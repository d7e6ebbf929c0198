import type { GraphNode } from "../../core/graph/index.js";
import type { LayerOf, LayerTypeName } from "../../core/layers/registry.js";
import type { GraphWriter } from "./graph-writer.js";
import type { LaidOut } from "./laid-out.js";

/** A layer in its place, with what it reads and what it has learned. */
export interface LayerContext<Type extends LayerTypeName = LayerTypeName> {
  readonly writer: GraphWriter;
  readonly layer: LayerOf<Type>;
  readonly node: GraphNode;
  readonly inputs: readonly LaidOut[];
  /** The nodes that read it. */
  readonly readers: readonly GraphNode[];
  /** The numbers of one of its tensors. */
  read(name: string): Float32Array;
  /** Of the normalization that is folded into it: the factor and the shift of each of its outputs. */
  readonly norm?: FoldedNorm;
}

/** y = scale · x + shift of each channel. */
export interface FoldedNorm {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** Writes a layer's nodes. */
export type WriteLayer<Type extends LayerTypeName> = (context: LayerContext<Type>) => LaidOut;
