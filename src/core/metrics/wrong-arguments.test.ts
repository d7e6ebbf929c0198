import { describe } from "node:test";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import * as metrics from "./index.js";

const isShare = (value: number | null) => value === null || (value >= 0 && value <= 1 + 1e-6);

/** Whether nothing in it is a number that is none. */
const isClean = (value: unknown): boolean =>
  typeof value === "number"
    ? Number.isFinite(value)
    : typeof value !== "object" || value === null || Object.values(value).every(isClean);

const probabilities = Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.125, 0.875);
const labels = Uint8Array.of(0, 1, 1);
const predictions = metrics.predictionsOf(probabilities, labels, 2);
const figures = metrics.classFiguresOf([0, 1, 1], [0, 1, 0], 2);

/** True classes may come in any array of numbers. */
const anyNumbers = / = a Float64Array$/;

describe("metrics", () => {
  itRefusesWrongArguments({
    predictionsOf: fuzzed({
      call: metrics.predictionsOf,
      args: [probabilities, labels, 2],
      takes: anyNumbers,
      holds: (made) => made.probabilities.length === made.count * made.classes && made.count > 0,
    }),
    predictedClasses: fuzzed({
      call: metrics.predictedClasses,
      args: [predictions],
      takes: anyNumbers,
      holds: (predicted) => predicted.every((each) => each < 2),
    }),
    crossEntropy: fuzzed({
      call: metrics.crossEntropy,
      args: [predictions],
      takes: anyNumbers,
      // Weights that diverge give probabilities that are no number, and so has the loss to be.
      holds: (loss) => Number.isNaN(loss) || loss >= 0,
    }),
    topKAccuracy: fuzzed({
      call: metrics.topKAccuracy,
      args: [predictions, 1],
      holds: isShare,
      takes: anyNumbers,
    }),
    reliabilityBins: fuzzed({
      call: metrics.reliabilityBins,
      args: [predictions, 3],
      takes: anyNumbers,
      holds: (bins) => isClean(bins) && bins.reduce((sum, { count }) => sum + count, 0) === predictions.count,
    }),
    expectedCalibrationError: fuzzed({
      call: metrics.expectedCalibrationError,
      args: [metrics.reliabilityBins(predictions, 3)],
      holds: isShare,
    }),
    confusionMatrix: fuzzed({
      call: metrics.confusionMatrix,
      args: [Uint8Array.of(0, 1, 1), Uint32Array.of(0, 1, 0), 2],
      takes: anyNumbers,
      holds: (matrix) => isClean(matrix) && matrix.every((row) => row.length === matrix.length),
    }),
    classFigures: fuzzed({
      call: metrics.classFigures,
      args: [
        [
          [3, 1],
          [0, 2],
        ],
      ],
      holds: isClean,
    }),
    classFiguresOf: fuzzed({
      call: metrics.classFiguresOf,
      args: [[0, 1, 1], [0, 1, 0], 2],
      holds: isClean,
      takes: anyNumbers,
    }),
    macroAverage: fuzzed({ call: metrics.macroAverage, args: [figures], holds: isClean }),
    weightedAverage: fuzzed({ call: metrics.weightedAverage, args: [figures], holds: isClean }),
    evaluate: fuzzed({
      call: metrics.evaluate,
      args: [probabilities, labels, ["a", "b"]],
      takes: anyNumbers,
      holds: (result) => isClean(result) && isShare(result.accuracy) && result.classes.length > 0,
    }),
    predictionsCsv: fuzzed({
      call: (...args: Parameters<typeof metrics.predictionsCsv>) => [...metrics.predictionsCsv(...args)],
      args: [probabilities, labels, 2, { classNames: ["a", "b"], files: ["1.png", "2.png", "3.png"] }],
      takes: anyNumbers,
      holds: (lines) => lines.length === 4 && !/NaN|undefined/.test(lines.join()),
    }),
    rocCurve: fuzzed({
      call: metrics.rocCurve,
      args: [Float32Array.of(0.5, 0.25, 0.75), Uint8Array.of(0, 1, 1)],
      holds: ({ fpr, tpr, thresholds }) =>
        fpr.length === tpr.length && thresholds[0] === Number.POSITIVE_INFINITY,
    }),
  });
});
