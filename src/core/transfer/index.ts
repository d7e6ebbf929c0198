export { type Body, bodyOf, type HeadedBody, type HeadOptions, withHead } from "./body.js";
export { extractFeatures, type FeatureOptions, type Features, type TrainedBody } from "./features.js";
export { type HeadSettings, type HeadTraining, type HeadTrial, type TrainedHead, trainHead } from "./head.js";
export {
  type FeatureCache,
  type Standing,
  type StandOnOptions,
  type StandOnProgress,
  standOn,
  type Unfreeze,
  unfreezeGroups,
} from "./stand-on.js";
