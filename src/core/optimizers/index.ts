export { type AdamConfig, type AdamOptions, adam } from "./adam.js";
export { type AdamWConfig, type AdamWOptions, adamw } from "./adamw.js";
export { createOptimizer, optimizerKind } from "./create.js";
export { type MuonConfig, type MuonOptions, muon } from "./muon.js";
export { type MatrixShape, muonMatrices } from "./muon-matrices.js";
export {
  type OptimizerConfig,
  type OptimizerName,
  type OptimizerOptions,
  type OptimizerSpec,
  optimizerNames,
  optimizerOptions,
} from "./optimizer.js";
export type { ParameterGroup, ResolvedGroup } from "./parameter-groups.js";
export { type RmspropConfig, type RmspropOptions, rmsprop } from "./rmsprop.js";
export { type SgdConfig, type SgdOptions, sgd } from "./sgd.js";
