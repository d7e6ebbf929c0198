export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.js";
export { decodeModel, encodeModel, type ModelContents } from "./model-file.js";
export { decodeSafetensors, encodeSafetensors, type SafetensorsContents } from "./safetensors.js";
