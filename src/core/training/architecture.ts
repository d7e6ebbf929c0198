import type { NamedTensor } from "../engine/network.js";
import { HeddleError, UsageError } from "../errors.js";
import type { Layer, LayerConfig, Shape } from "../layers/layer.js";
import { namedLayers } from "../layers/naming.js";
import { shapeSize, shapeText } from "../layers/shape.js";
import { summarize } from "../models/summary.js";
import { checkValue, listOf, withMethods } from "../options/index.js";
import { normalizationLayer } from "./normalization-tensors.js";
import { summaryText } from "./summary-text.js";
import { initialWeights, parameterShapes } from "./weights.js";

const layerKind = withMethods<Layer>(
  "a layer such as dense({ units: 10 })",
  "outputShape",
  "parameters",
  "config",
);

/** As many as WebAssembly addresses: nothing larger is worth drawing. */
const mostBytes = 2 ** 32;

/** What a model is made of, apart from anything it learns. */
export class Architecture {
  readonly layers: readonly Layer[];
  readonly classes: number;
  /** What it trains: names and shapes. */
  readonly tensors: readonly Pick<NamedTensor, "name" | "shape">[];
  /** Bytes of one image. */
  readonly imageSize: number;

  /**
   * @param inputShape [H, W, C] of the images
   * @param available bytes of memory that may be taken
   * @throws UsageError or HeddleError when the layers don't fit the input shape or each other, or end in no classes.
   */
  constructor(
    layers: readonly Layer[],
    readonly inputShape: Shape,
    available = Number.POSITIVE_INFINITY,
  ) {
    this.layers = namedLayers(checkValue("model", "layers", layers, listOf(layerKind, { from: 1 })));
    if (this.layers.some(({ name }) => name === normalizationLayer)) {
      throw new UsageError(
        `A layer is named "${normalizationLayer}", which is what a model's weights call its input. Give it another name.`,
      );
    }
    const output = this.layers.reduce((shape, layer) => layer.outputShape(shape), inputShape);
    if (output.length !== 1) {
      throw new UsageError(
        `The last layer gives ${shapeText(output)}; a classifier must end in one value a class, [classes]. End with flatten() and dense({ units: classes }).`,
      );
    }
    this.classes = output[0];
    this.imageSize = shapeSize(inputShape);
    const { parameters } = summarize(this.layers, inputShape);
    const room = Math.floor(Math.min(mostBytes, available) / 4);
    if (parameters > room) {
      throw new HeddleError(
        `The layers have ${parameters} parameters, but there is memory for ${room} at most. Take fewer units or filters, or pool before flatten().`,
      );
    }
    this.tensors = parameterShapes(this.layers, inputShape).map(({ name, shape }) => ({ name, shape }));
  }

  get channels(): number {
    return this.inputShape[this.inputShape.length - 1];
  }

  /** The first weights that a seed gives. */
  initialWeights(seed: number): readonly NamedTensor[] {
    return initialWeights(this.layers, this.inputShape, seed);
  }

  /** What a file keeps of it. */
  describe(): { readonly layers: readonly LayerConfig[]; readonly inputShape: Shape } {
    return { layers: this.layers.map((layer) => layer.config()), inputShape: this.inputShape };
  }

  /** A table of the layers: output shape, parameters and multiply-adds of each. */
  summary(name: string): string {
    return summaryText(name, summarize(this.layers, this.inputShape));
  }
}
