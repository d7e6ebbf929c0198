import type { ActivationName, Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { activationNames, checkOptions, layerName, oneOf } from "./options.js";
import { checkInput } from "./shape.js";

export interface ActivationOptions {
  readonly function: ActivationName;
  readonly name?: string;
}

/** A function of each value alone: relu max(x, 0), tanh, sigmoid 1 / (1 + e^(−x)), linear x. */
export class Activation implements Layer<"activation"> {
  readonly type = "activation";
  readonly name: string;
  readonly function: ActivationName;

  /** @throws UsageError on an impossible option */
  constructor(options: ActivationOptions) {
    checkOptions("activation", options, ["function"]);
    this.name = layerName("activation", options.name);
    this.function = oneOf("activation", "function", options.function, activationNames);
  }

  outputShape(input: Shape): Shape {
    checkInput(this, input);
    return input;
  }

  parameters(): readonly ParameterSpec[] {
    return [];
  }

  multiplyAdds(): number {
    return 0;
  }

  withName(name: string): Activation {
    return new Activation({ ...this, name });
  }

  config(): LayerConfig {
    return { type: this.type, name: this.name, function: this.function };
  }
}

/** `activation("relu")` or `activation({ function: "relu" })`. @throws UsageError */
export function activation(options: ActivationName | ActivationOptions): Activation {
  return new Activation(typeof options === "string" ? { function: options } : options);
}
