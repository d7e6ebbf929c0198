export { type ExplainPlace, explainImages } from "./explain-images.js";
export { type ExplainMethod, type ExplainOptions, explainOptions, type HeatMaps } from "./explain-options.js";
