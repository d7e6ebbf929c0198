import { HeddleError, UsageError } from "../errors.js";
import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkOptions, layerName, positiveInteger, received } from "./options.js";
import { checkInput, layerText, shapeSize, shapeText } from "./shape.js";

export interface ReshapeOptions {
  /** The new sizes, without the batch axis. */
  readonly targetShape: Shape;
  readonly name?: string;
}

/** The same values in the same row-major order under other axes, e.g. an image as a sequence of its rows. */
export class Reshape implements Layer<"reshape"> {
  readonly type = "reshape";
  readonly name: string;
  readonly targetShape: Shape;

  /** @throws UsageError on an impossible option */
  constructor(options: ReshapeOptions) {
    checkOptions("reshape", options, ["targetShape"]);
    this.name = layerName("reshape", options.name);
    const target: unknown = options.targetShape;
    if (!Array.isArray(target) || target.length === 0) {
      throw new UsageError(
        `reshape: targetShape must be a list of sizes such as [28, 28], but is ${received(target)}.`,
      );
    }
    this.targetShape = target.map((length) => positiveInteger("reshape", "each size of targetShape", length));
  }

  outputShape(input: Shape): Shape {
    checkInput(this, input);
    if (shapeSize(input) !== shapeSize(this.targetShape)) {
      throw new HeddleError(
        `${layerText(this)} makes ${shapeText(this.targetShape)} of ${shapeSize(this.targetShape)} values, ` +
          `but got ${shapeText(input)} of ${shapeSize(input)}. Give a targetShape of as many values.`,
      );
    }
    return this.targetShape;
  }

  parameters(): readonly ParameterSpec[] {
    return [];
  }

  multiplyAdds(): number {
    return 0;
  }

  withName(name: string): Reshape {
    return new Reshape({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, targetShape } = this;
    return { type, name, targetShape };
  }
}

/** `reshape({ targetShape: [28, 28] })`. @throws UsageError */
export function reshape(options: ReshapeOptions): Reshape {
  return new Reshape(options);
}
