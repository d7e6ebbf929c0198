/** How weights move along their gradients; the learning rate comes from the schedule at each step. */
export type OptimizerConfig =
  | {
      readonly name: "sgd";
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | { readonly name: "adam"; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | {
      readonly name: "adamw";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | { readonly name: "rmsprop"; readonly rho: number; readonly epsilon: number; readonly momentum: number };

export type OptimizerName = OptimizerConfig["name"];
