export { type Body, bodyOf, type HeadedBody, type HeadOptions, withHead } from "./body.js";
export { type DatasetFeaturesOptions, datasetFeatures } from "./dataset-features.js";
export { extractFeatures, type FeatureOptions, type Features, type TrainedBody } from "./features.js";
export { type HeadSettings, type HeadTraining, type HeadTrial, type TrainedHead, trainHead } from "./head.js";
export { headProbabilities } from "./head-probabilities.js";
export type { FeatureCache } from "./known-features.js";
export {
  type Standing,
  type StandOnOptions,
  type StandOnProgress,
  standOn,
  type Unfreeze,
  type UnfreezeOptions,
  unfreezeGroups,
} from "./stand-on.js";
