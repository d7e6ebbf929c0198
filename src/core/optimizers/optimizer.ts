import type { AdamConfig } from "./adam.js";
import type { AdamWConfig } from "./adamw.js";
import type { MuonConfig } from "./muon.js";
import type { RmspropConfig } from "./rmsprop.js";
import type { SgdConfig } from "./sgd.js";

export type { MuonConfig };

/** How weights move along their gradients; the learning rate comes from the schedule at each step. */
export type OptimizerConfig = SgdConfig | AdamConfig | AdamWConfig | RmspropConfig | MuonConfig;

/** One of the optimizers. */
export type OptimizerName = OptimizerConfig["name"];
