export { topKAccuracy } from "./accuracy.js";
export { averagePrecision } from "./average-precision.js";
export { balancedAccuracy, type ClassRecalls } from "./balanced-accuracy.js";
export {
  type CalibrateOptions,
  type Calibration,
  type CalibrationFigures,
  calibrate,
  calibrationFigures,
  confidenceThreshold,
} from "./calibrate.js";
export { expectedCalibrationError, type ReliabilityBin, reliabilityBins } from "./calibration.js";
export {
  type ClassFigures,
  classFigures,
  classFiguresOf,
  confusionMatrix,
  macroAverage,
  type PrecisionRecall,
  weightedAverage,
} from "./confusion.js";
export { crossEntropy, leastProbability } from "./cross-entropy.js";
export { type ClassEvaluation, type Evaluation, evaluate, type RocEvaluation } from "./evaluation.js";
export { evaluateLabels, type LabelEvaluation, type LabelsEvaluation } from "./labels-evaluation.js";
export { type Predictions, predictedClasses, predictionsOf } from "./predictions.js";
export { type PredictionsCsvOptions, predictionsCsv } from "./predictions-csv.js";
export { type RocCurve, rocCurve } from "./roc-curve.js";
export { atTemperature, fitTemperature } from "./temperature.js";
