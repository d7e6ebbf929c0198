import { bilstm } from "./bilstm.js";
import { cnn } from "./cnn.js";
import { checkedModel, type ModelDefinition } from "./definition.js";
import { lenet } from "./lenet.js";
import { lstm } from "./lstm.js";
import { proposed } from "./proposed.js";

export { type ModelDefinition, withoutDropout } from "./definition.js";

/** The paper's five models by name, in its order but the proposed one first. */
export const modelDefinitions = {
  proposed: checkedModel(proposed),
  cnn: checkedModel(cnn),
  lenet: checkedModel(lenet),
  lstm: checkedModel(lstm),
  bilstm: checkedModel(bilstm),
} as const satisfies Record<string, ModelDefinition>;

/** One of the paper's five models. */
export type ModelName = keyof typeof modelDefinitions;

/** The paper's five models, the proposed one first. */
export const modelNames = Object.keys(modelDefinitions) as readonly ModelName[];
