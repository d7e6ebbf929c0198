export { type AdamConfig, type AdamOptions, adam } from "./adam.js";
export { type AdamWConfig, type AdamWOptions, adamw } from "./adamw.js";
export {
  createOptimizer,
  type OptimizerOptions,
  type OptimizerSpec,
  optimizerKind,
  optimizerNames,
  optimizerOptions,
} from "./create.js";
export { type MuonConfig, type MuonOptions, muon } from "./muon.js";
export { type MatrixShape, muonMatrices } from "./muon-matrices.js";
export type { OptimizerConfig, OptimizerName } from "./optimizer.js";
export { type RmspropConfig, type RmspropOptions, rmsprop } from "./rmsprop.js";
export { type SgdConfig, type SgdOptions, sgd } from "./sgd.js";
