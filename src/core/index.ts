export { arithmeticVersion } from "./arithmetic.js";
export * from "./audit/index.js";
export type { AugmentationConfig, AugmentationOptions } from "./data/augmentation.js";
export { parseAugmentation } from "./data/augmentation.js";
export type { BatchAugmentation } from "./data/batch-augmentation.js";
export type {
  Dataset,
  DatasetInMemory,
  ImageSet,
  ImageSetInMemory,
  Labels,
  Normalization,
  Split,
} from "./data/dataset.js";
export {
  type ImageSource,
  type ImageSourceOptions,
  type ImageSourceWithTargets,
  type ImageSourceWithTargetsOptions,
  imageSource,
} from "./data/image-source.js";
export type { ImageStream, ImagesInOrder } from "./data/image-stream.js";
export type { BatchMixing } from "./data/mix-batch.js";
export type { MixingOptions } from "./data/mixing.js";
export {
  type DuplicatePair,
  findNearDuplicates,
  type NearDuplicateOptions,
  type NearDuplicates,
  nearDuplicateGroups,
} from "./data/near-duplicates.js";
export type { PicturePreparation } from "./data/picture-preparation.js";
export { type SplitOptions, splitDataset } from "./data/split.js";
export { type LabelledSet, subset } from "./data/subset.js";
export type { ViewOptions } from "./data/views.js";
export type {
  CreateNetwork,
  Network,
  NetworkOptions,
  Prediction,
  StepResult,
  TrainStep,
  WeightsKind,
} from "./engine/network.js";
export { HeddleError, UsageError } from "./errors.js";
export type { ExplainMethod, ExplainOptions, HeatMaps } from "./explain/index.js";
export * from "./formats/index.js";
export {
  chainOf,
  type Graph,
  type GraphNode,
  graphConfig,
  graphFromConfig,
  graphOf,
  type ModelSummary,
  type NodeConfig,
  type SummaryRow,
} from "./graph/index.js";
export type { DistilledLoss } from "./kernels/softmax.js";
export type { Tiling } from "./kernels/tiling.js";
export * from "./layers/index.js";
export type { LossName } from "./loss.js";
export * from "./metrics/index.js";
export * from "./models/index.js";
export type { NamedTensor } from "./named-tensor.js";
export * from "./optimizers/index.js";
export type { AnyOption, AnyOptionTable, OptionKind } from "./options/index.js";
export type { Platform, PlatformWorker, VectorWidth } from "./platform.js";
export * from "./schedules/index.js";
export type { WorkSignal } from "./stop.js";
export type { FitCallbacks } from "./training/callbacks.js";
export type {
  ImagesToJudge,
  ImagesWithTargets,
  LabelledImages,
  TargetsToJudge,
  TrainingData,
} from "./training/check-data.js";
export type { FitSettings } from "./training/checkpoint.js";
export type { Classification, ClassifyOptions, ClassPrediction } from "./training/classify.js";
export type { CompileOptions } from "./training/compile.js";
export type { DistillationOptions, Softens } from "./training/distillation.js";
export type { EarlyStopping, EarlyStoppingOptions } from "./training/early-stopping.js";
export type {
  EndEvent,
  EpochEvent,
  EpochRecord,
  StartEvent,
  StepEvent,
  StopReason,
  TrainEvent,
  WarningEvent,
} from "./training/events.js";
export type { FitEventsOptions, FitOptions, History } from "./training/fit.js";
export type { ClassWeights, SampleWeights } from "./training/image-weights.js";
export { Model, model, sequential } from "./training/model.js";
export { modelFromBytes } from "./training/model-from-bytes.js";
export type { ChainOptions, ModelOptions, ModelState } from "./training/model-options.js";
export type { BestEpoch, TrainingPosition } from "./training/position.js";
export type { PredictOptions } from "./training/predict-options.js";
export type { ImagesToPredict } from "./training/predictor.js";
export {
  type PlannedMemory,
  type PlannedSummary,
  type SummaryOptions,
  summarize,
} from "./training/summarize.js";
export type { WeightAverage, WeightAverageOptions } from "./training/weight-average.js";
export type { WeightsOptions } from "./training/weights-option.js";
export * from "./transfer/index.js";
