export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.js";
export { modelDigest } from "./model-digest.js";
export { decodeModel, encodeModel, type ModelContents } from "./model-file.js";
export { decodeSafetensors, encodeSafetensors, type SafetensorsContents } from "./safetensors.js";
