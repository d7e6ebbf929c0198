// The library as Node has it: everything of the core, with Node's threads and files bound.

export type { NumpyArray, NumpyTypeName, NumpyValues } from "../core/data/formats/numpy-array.js";
export type { ImageLayout } from "../core/data/image-array.js";
export type { RgbPicture } from "../core/data/pictures/resample.js";
export * from "../core/index.js";
export { exportSafetensors } from "../export/safetensors/export-safetensors.js";
export type { ExportSafetensorsOptions, TensorLayout } from "../export/safetensors/safetensors-options.js";
export * from "../recipes/index.js";
export { heatPng } from "../report/heat-png.js";
export * from "../run/index.js";
export type {
  ClassifiedPicture,
  ClassifyPictureOptions,
  PictureInput,
  UnclassifiedPicture,
} from "./classify/classify-pictures.js";
export { type DataKindName, dataKindNames, SeveralKindsError } from "./data/kind-names.js";
export { readNpz } from "./data/kinds/npz.js";
export { type DataSetOptions, type LoadedDataset, type LoadOptions, loadDataset } from "./data/load.js";
export type { DataProgress, OnDataProgress } from "./data/progress.js";
export { type DiffRunsOptions, diffRuns } from "./diff-runs.js";
export { diskStore } from "./disk-store.js";
export { deleteRun, noteRun, renameRun } from "./manage-runs.js";
export {
  loadModel,
  model,
  type NodeChainOptions,
  NodeModel as Model,
  type NodeModelOptions,
  sequential,
} from "./node-model.js";
export { imageFolder } from "./pictures/image-folder.js";
export { type ImageListOptions, imageList } from "./pictures/image-list.js";
export type { LabelConflict } from "./pictures/label-conflicts.js";
export { looksLikeImageFolder } from "./pictures/list-folder.js";
export { isPictureDataset, type PictureDataset } from "./pictures/picture-dataset.js";
export { PictureError, SkippedPicturesError } from "./pictures/picture-error.js";
export type { SkippedFile } from "./pictures/picture-files.js";
export type { PictureOptions } from "./pictures/picture-options.js";
export { displayPicture, preparePicture } from "./pictures/prepare-picture.js";
export { looksLikeImageList } from "./pictures/read-list.js";
export { nodePlatform } from "./platform.js";
export { nodeRunHost, type RunHostOptions } from "./run-host.js";
// Runs in folders, in the place of those in any store.
export {
  type EvaluateRunOptions,
  evaluateRun,
  listRuns,
  type ResumeRunOptions,
  resumeRun,
  type TrainRunOptions,
  trainRun,
} from "./runs.js";
export {
  type TensorBoardOptions,
  type TensorBoardWriter,
  tensorboardWriter,
} from "./tensorboard/tensorboard-writer.js";
export {
  type VerifyReceiptOptions,
  type VerifyRunOptions,
  verifyReceipt,
  verifyRun,
} from "./verify.js";
