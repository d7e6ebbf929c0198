import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkOptions, dropoutRate, layerName } from "./options.js";
import { checkInput } from "./shape.js";

export interface DropoutOptions {
  /** The share of values set to zero in training, 0 ≤ rate < 1. */
  readonly rate: number;
  readonly name?: string;
}

/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is kept with probability 1 − rate and
 * scaled by 1 / (1 − rate), else set to zero; in inference values pass unchanged.
 */
export class Dropout implements Layer<"dropout"> {
  readonly type = "dropout";
  readonly name: string;
  readonly rate: number;

  /** @throws UsageError on an impossible option */
  constructor(options: DropoutOptions) {
    checkOptions("dropout", options, ["rate"]);
    this.name = layerName("dropout", options.name);
    this.rate = dropoutRate("dropout", "rate", options.rate);
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

  withName(name: string): Dropout {
    return new Dropout({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, rate } = this;
    return { type, name, rate };
  }
}

/** `dropout(0.25)` or `dropout({ rate: 0.25 })`. @throws UsageError */
export function dropout(options: number | DropoutOptions): Dropout {
  return new Dropout(typeof options === "number" ? { rate: options } : options);
}
