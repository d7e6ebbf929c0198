import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkOptions, layerName } from "./options.js";
import { checkInput, shapeSize } from "./shape.js";

export interface FlattenOptions {
  readonly name?: string;
}

/** One axis of all values, in row-major order: [N, H, W, C] → [N, H·W·C]. */
export class Flatten implements Layer<"flatten"> {
  readonly type = "flatten";
  readonly name: string;

  /** @throws UsageError on an impossible option */
  constructor(options: FlattenOptions = {}) {
    checkOptions("flatten", options, []);
    this.name = layerName("flatten", options.name);
  }

  outputShape(input: Shape): Shape {
    checkInput(this, input);
    return [shapeSize(input)];
  }

  parameters(): readonly ParameterSpec[] {
    return [];
  }

  multiplyAdds(): number {
    return 0;
  }

  withName(name: string): Flatten {
    return new Flatten({ name });
  }

  config(): LayerConfig {
    return { type: this.type, name: this.name };
  }
}

/** `flatten()`, between the last image layer and the first dense one. @throws UsageError */
export function flatten(options: FlattenOptions = {}): Flatten {
  return new Flatten(options);
}
