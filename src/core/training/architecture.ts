import { HeddleError, UsageError } from "../errors.js";
import { classesOf, type Graph, graphConfig, isGraph, type NodeConfig, tensorsOf } from "../graph/index.js";
import { summarize } from "../graph/summary.js";
import type { Layer, Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import { received } from "../options/index.js";
import { normalizationLayer } from "./normalization-tensors.js";
import { summaryText } from "./summary-text.js";
import { initialWeights } from "./weights.js";
import { checkWhitening } from "./whitening.js";

/** As many as WebAssembly addresses: nothing larger is worth drawing. */
const mostBytes = 2 ** 32;

/** What a model is made of, apart from anything it learns. */
export class Architecture {
  readonly inputShape: Shape;
  readonly layers: readonly Layer[];
  readonly classes: number;
  /** Bytes of one image. */
  readonly imageSize: number;
  /** Names and shapes of all that it keeps. */
  readonly tensors: readonly Pick<NamedTensor, "name" | "shape">[];

  /** Names of those that training may move by an optimizer. */
  readonly trained: readonly string[];

  /**
   * @param available bytes of memory that may be taken
   * @throws UsageError or HeddleError on a graph of no classifier, or larger than memory.
   */
  constructor(
    readonly graph: Graph,
    available = Number.POSITIVE_INFINITY,
  ) {
    if (!isGraph(graph)) {
      throw new UsageError(
        `A model is made by sequential([…], { inputShape: [28, 28, 1] }) or model(input, output); of itself it takes a graph, but got ${received(graph)}.`,
      );
    }
    this.inputShape = graph.inputShape;
    this.layers = graph.nodes.map(({ layer }) => layer);
    this.classes = classesOf(graph);
    this.imageSize = shapeSize(graph.inputShape);
    this.tensors = tensorsOf(graph).map(({ name, shape }) => ({ name, shape }));
    this.trained = tensorsOf(graph).flatMap(({ name, kept }) => (kept ? [] : [name]));
    if (this.layers.some(({ name }) => name === normalizationLayer)) {
      throw new UsageError(
        `A layer is named "${normalizationLayer}", which is what a model's weights call its input. Give it another name.`,
      );
    }
    checkWhitening(graph);
    const numbers = this.tensors.reduce((sum, { shape }) => sum + shapeSize(shape), 0);
    const room = Math.floor(Math.min(mostBytes, available) / 4);
    if (numbers > room) {
      throw new HeddleError(
        `The layers have ${numbers} parameters, but there is memory for ${room} at most. Take fewer units or filters, or pool before flatten().`,
      );
    }
  }

  get channels(): number {
    return this.inputShape[this.inputShape.length - 1];
  }

  /** The first weights that a seed gives. */
  initialWeights(seed: number): readonly NamedTensor[] {
    return initialWeights(this.graph, seed);
  }

  /** What a file keeps of it. */
  describe(): { readonly layers: readonly NodeConfig[]; readonly inputShape: Shape } {
    return { layers: graphConfig(this.graph), inputShape: this.inputShape };
  }

  /** A table of the layers: output shape, parameters and multiply-adds of each. */
  summary(name: string): string {
    return summaryText(name, summarize(this.graph));
  }
}
