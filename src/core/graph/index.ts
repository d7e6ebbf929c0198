export { freeze, moves } from "./freeze.js";
export {
  chainOf,
  checkGraph,
  classesOf,
  type Graph,
  type GraphNode,
  graphOf,
  images,
  isGraph,
  tensorsOf,
  trainedNumbers,
} from "./graph.js";
export { graphConfig, graphFromConfig, type NodeConfig } from "./graph-config.js";
export { type Rebuilt, rebuild } from "./rebuild.js";
export { type ModelSummary, type SummaryRow, summarize } from "./summary.js";
export { withoutLayers } from "./without-layers.js";
