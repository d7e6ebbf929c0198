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
  | { readonly name: "rmsprop"; readonly rho: number; readonly epsilon: number; readonly momentum: number }
  | {
      readonly name: "muon";
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly iterations: number;
      readonly weightDecay: number;
      readonly adamShare: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

export type OptimizerName = OptimizerConfig["name"];

export type MuonConfig = Extract<OptimizerConfig, { name: "muon" }>;
