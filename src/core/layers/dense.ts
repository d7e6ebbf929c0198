import type { ActivationName, Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { activationNames, checkOptions, layerName, oneOf, positiveInteger } from "./options.js";
import { checkInput } from "./shape.js";

export interface DenseOptions {
  /** Length of the output. */
  readonly units: number;
  /** Default `linear`. */
  readonly activation?: ActivationName;
  readonly name?: string;
}

/** Fully connected layer, [N, I] → [N, units]: y = activation(x · kernel + bias), kernel [I, units]. */
export class Dense implements Layer<"dense"> {
  readonly type = "dense";
  readonly name: string;
  readonly units: number;
  readonly activation: ActivationName;

  /** @throws UsageError on an impossible option */
  constructor(options: DenseOptions) {
    checkOptions("dense", options, ["units", "activation"]);
    this.name = layerName("dense", options.name);
    this.units = positiveInteger("dense", "units", options.units);
    this.activation = oneOf("dense", "activation", options.activation ?? "linear", activationNames);
  }

  outputShape(input: Shape): Shape {
    checkInput(this, input, ["features"], "Put flatten() before it.");
    return [this.units];
  }

  parameters(input: Shape): readonly ParameterSpec[] {
    return [
      { name: "kernel", shape: [input[0], this.units], initializer: "glorotUniform" },
      { name: "bias", shape: [this.units], initializer: "zeros" },
    ];
  }

  multiplyAdds(input: Shape): number {
    return input[0] * this.units;
  }

  withName(name: string): Dense {
    return new Dense({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, units, activation } = this;
    return { type, name, units, activation };
  }
}

/** `dense({ units: 10 })`. @throws UsageError */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}
