import type { Graph, GraphNode } from "../graph/index.js";
import { layerTensors, type NamedValues } from "../kernels/reference/network.js";
import type { LayerPass, LayerTensors } from "../kernels/reference/pass.js";
import { runTwin } from "../kernels/reference/twins.js";
import type { NamedTensor } from "../named-tensor.js";

/** What a model does behind one of its nodes, in double precision: little, where that is its last convolution. */
export interface Tail {
  /** The nodes before it whose output it reads, or the images: the node itself among them. */
  readonly reads: readonly number[];
  /**
   * One image's pass from what it reads to the logits.
   *
   * @param values of each of `reads`, in that order
   */
  run(values: readonly Float64Array[]): TailPass;
}

export interface TailPass {
  /** [classes]. */
  readonly logits: Float64Array;
  /** Of a class's logit by what the node gives: of that one's shape. */
  gradient(classIndex: number): Float64Array;
}

/** The part of a graph that lies behind a node, with its weights, as it predicts. */
export function tailOf(
  { nodes, outputShape }: Graph,
  node: GraphNode,
  tensors: readonly NamedTensor[],
): Tail {
  const behind = new Set([node.index]);
  const run: GraphNode[] = [];
  for (const each of nodes.slice(node.index + 1)) {
    if (!each.inputs.some((read) => behind.has(read))) continue;
    behind.add(each.index);
    run.push(each);
  }
  const reads = [
    node.index,
    ...new Set(run.flatMap(({ inputs }) => inputs.filter((read) => !behind.has(read)))),
  ];
  const given: NamedValues = new Map(tensors.map(({ name, data }) => [name, data]));
  const own = new Map<number, LayerTensors>(
    run.map(({ index, layer, tensors: specs }) => [index, layerTensors(given, layer.name, specs)]),
  );
  const pass = (values: readonly Float64Array[]): TailPass => {
    const outputs = new Map(reads.map((index, at) => [index, values[at]]));
    const passes = new Map<number, LayerPass>();
    for (const { index, layer, inputs, inputShapes } of run) {
      const done = runTwin(layer, {
        shapes: inputShapes,
        inputs: inputs.map((read) => outputs.get(read)!),
        tensors: own.get(index)!,
        batch: 1,
        training: false,
        frozen: true,
      });
      passes.set(index, done);
      outputs.set(index, done.output);
    }
    const gradient = (classIndex: number): Float64Array => {
      const oneHot = new Float64Array(outputShape[0]);
      oneHot[classIndex] = 1;
      const sums = new Map<number, Float64Array>([[nodes.length - 1, oneHot]]);
      for (const { index, inputs } of run.toReversed()) {
        const back = passes.get(index)!.backward(sums.get(index)!).inputs;
        inputs.forEach((read, at) => {
          if (!behind.has(read)) return;
          const before = sums.get(read);
          sums.set(read, before ? before.map((value, place) => value + back[at][place]) : back[at]);
        });
      }
      return sums.get(node.index)!;
    };
    return { logits: outputs.get(nodes.length - 1)!, gradient };
  };
  return { reads, run: pass };
}
