import { csvNameCell } from "../csv-cell.js";
import { UsageError } from "../errors.js";
import { listOf, type OptionTable, resolveOptions, text } from "../options/index.js";
import { plural } from "../words.js";
import { predictedClasses, predictionsOf } from "./predictions.js";

/** What people know classes and images by. */
export interface PredictionsCsvOptions {
  /** One a class: columns for the names of the true class and of the predicted one (default: their numbers alone). */
  readonly classNames?: readonly string[] | undefined;
  /** One an image: a column for its file (default: none). */
  readonly files?: readonly string[] | undefined;
}

const namesKind = listOf(text(/^/u), { what: "a list of names" });

const predictionsCsvOptions = {
  classNames: { meaning: "one a class", kind: namesKind, otherwise: "their numbers alone" },
  files: { meaning: "one an image", kind: namesKind, otherwise: "none" },
} satisfies OptionTable<PredictionsCsvOptions>;

/**
 * The lines of a CSV table of predictions (RFC 4180), without line ends: `index,label,predicted,p0,…,p9`, then a row an
 * image. With all names it is `index,file,label,class,predicted,predictedClass,p0,…,p9`. Probabilities have nine
 * significant digits, enough to get every float32 back exactly.
 *
 * @param probabilities softmax outputs, [n, classes], row-major
 * @param labels the n true classes
 * @param classes how many there are
 * @param options names of classes, files of images
 * @throws HeddleError as `evaluate` does, before the first line. @throws UsageError on names of other classes or images
 */
export function predictionsCsv(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  options: PredictionsCsvOptions = {},
): IterableIterator<string> {
  const { classNames, files } = resolveOptions("predictionsCsv", options, predictionsCsvOptions);
  const predictions = predictionsOf(probabilities, labels, classes);
  const { count } = predictions;
  checkNames("classNames", classNames, classes);
  checkNames("files", files, count);
  const predicted = predictedClasses(predictions);
  const names = classNames?.map(csvNameCell);
  function* lines(): Generator<string> {
    const head = names ? ["label", "class", "predicted", "predictedClass"] : ["label", "predicted"];
    const columns = Array.from({ length: classes }, (_, index) => `p${index}`);
    yield ["index", ...(files ? ["file"] : []), ...head, ...columns].join(",");
    const numberAndName = (number: number): readonly (number | string)[] =>
      names ? [number, names[number]] : [number];
    for (let image = 0; image < count; image++) {
      const row = probabilities.subarray(image * classes, (image + 1) * classes);
      const digits = Array.from(row, (probability) => probability.toPrecision(9));
      const place = files ? [image, csvNameCell(files[image])] : [image];
      const judged = [labels[image], predicted[image]].flatMap(numberAndName);
      yield [...place, ...judged, ...digits].join(",");
    }
  }
  return lines();
}

function checkNames(option: string, names: readonly string[] | undefined, count: number): void {
  if (!names || names.length === count) return;
  throw new UsageError(`predictionsCsv: ${option} has ${plural(names.length, "name")}: expected ${count}.`);
}
