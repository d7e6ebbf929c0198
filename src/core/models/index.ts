import { airbench } from "./airbench.js";
import { bilstm } from "./bilstm.js";
import { cnn } from "./cnn.js";
import type { ModelDefinition } from "./definition.js";
import { earlyPool16, earlyPool24, earlyPool48 } from "./early-pool.js";
import { efficientNetLite0 } from "./efficient-net-lite0.js";
import { lenet } from "./lenet.js";
import { lstm } from "./lstm.js";
import { mobileNetSmall } from "./mobile-net-small.js";
import { mobileNetV2 } from "./mobile-net-v2.js";
import { proposed } from "./proposed.js";
import { resNet20, resNet32, resNet56 } from "./res-net.js";
import { resNet18 } from "./res-net-18.js";
import { vggNarrow, vggSmall, vggTiny } from "./vgg.js";

export { type ChainDefinition, type ModelDefinition, withDropout, withoutDropout } from "./definition.js";
export {
  importTimm,
  type TimmModel,
  type TimmName,
  type TimmOptions,
  timmArchitectures,
  timmNames,
} from "./timm.js";

/** The library's models by name: the paper's five in its order but the proposed one first. */
export const modelDefinitions = {
  proposed,
  cnn,
  lenet,
  lstm,
  bilstm,
  resNet20,
  resNet32,
  resNet56,
  vggSmall,
  vggNarrow,
  vggTiny,
  mobileNetSmall,
  mobileNetV2,
  efficientNetLite0,
  resNet18,
  airbench,
  earlyPool16,
  earlyPool24,
  earlyPool48,
} as const satisfies Record<string, ModelDefinition>;

/** One of the library's models. */
export type ModelName = keyof typeof modelDefinitions;

/** The library's models, the paper's five first. */
export const modelNames = Object.keys(modelDefinitions) as readonly ModelName[];
