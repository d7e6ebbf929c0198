export { type ModelSummary, summarize } from "../graph/summary.js";
