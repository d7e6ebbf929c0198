import type { Shape } from "../../core/layers/layer.js";
import { predictedClasses, predictionsOf } from "../../core/metrics/predictions.js";
import { plural } from "../../core/words.js";
import type { TableData } from "../../report/table.js";
import type { RunPredictions } from "../../run/run-record.js";
import { meanConfusion } from "./measures.js";
import { decimal, hundredths } from "./numbers.js";
import { currentGroup, type ReproductionResults } from "./results.js";

const shirt = "Shirt";

/** Where the images of the test set are, for pictures. */
export interface TestImages {
  /** [N, H, W, C] */
  readonly images: Uint8Array;
  /** [H, W, C] */
  readonly imageShape: Shape;
}

/** A true Shirt that the networks together take for something else. */
export interface ShirtMistake {
  /** Which of the test images. */
  readonly image: number;
  readonly predicted: number;
  /** Of the predicted class, mean over the networks. */
  readonly probability: number;
  /** Of Shirt. */
  readonly own: number;
  /** Networks of which each alone takes it for something else than Shirt. */
  readonly wrong: number;
}

/** What the Proposed CNN's networks, one a seed, make of the test images. */
export interface ShirtEvidence {
  readonly classNames: readonly string[];
  readonly label: number;
  readonly trials: readonly string[];
  readonly predictions: readonly RunPredictions[];
}

/** Null where no predictions are kept, or the data has no Shirt. */
export function shirtEvidence(results: ReproductionResults): ShirtEvidence | null {
  const kept = currentGroup(results, "proposed").kept.filter(
    ({ id, test }) => test && results.predictions.has(id),
  );
  const classNames = kept[0]?.test?.classes.map(({ name }) => name) ?? [];
  const label = classNames.indexOf(shirt);
  if (label === -1) return null;
  const trials = kept.map(({ id }) => id);
  return { classNames, label, trials, predictions: trials.map((id) => results.predictions.get(id)!) };
}

/** Softmax outputs averaged over networks, [N, classes]. */
export function meanProbabilities(predictions: readonly RunPredictions[]): Float32Array {
  const mean = new Float32Array(predictions[0].probabilities.length);
  for (let index = 0; index < mean.length; index++) {
    let sum = 0;
    for (const { probabilities } of predictions) sum += probabilities[index];
    mean[index] = sum / predictions.length;
  }
  return mean;
}

/**
 * True Shirts that the mean of the networks' probabilities takes for something else, the surest first; of equally sure
 * ones the earlier image first.
 */
export function shirtMistakes({ classNames, label, predictions }: ShirtEvidence): ShirtMistake[] {
  const classes = classNames.length;
  const { labels } = predictions[0];
  const probabilities = meanProbabilities(predictions);
  const together = predictedClasses(predictionsOf(probabilities, labels, classes));
  const alone = predictions.map((each) =>
    predictedClasses(predictionsOf(each.probabilities, labels, classes)),
  );
  const mistakes: ShirtMistake[] = [];
  for (const [image, truth] of labels.entries()) {
    if (truth !== label || together[image] === label) continue;
    mistakes.push({
      image,
      predicted: together[image],
      probability: probabilities[image * classes + together[image]],
      own: probabilities[image * classes + label],
      wrong: alone.filter((predicted) => predicted[image] !== label).length,
    });
  }
  return mistakes.sort((a, b) => b.probability - a.probability || a.image - b.image);
}

/** Of mistakes from one class to another: how many a network makes, and how sure it is of them. */
interface Confidence {
  readonly mean: number;
  readonly sure: number;
}

/** Mean probability of what was predicted, and the share predicted with 90 % or more, over all networks' mistakes. */
function confidenceOf(
  { predictions, classNames }: ShirtEvidence,
  truth: number,
  taken: number,
): Confidence | null {
  const classes = classNames.length;
  const found: number[] = [];
  for (const { probabilities, labels } of predictions) {
    const predicted = predictedClasses(predictionsOf(probabilities, labels, classes));
    for (const [image, label] of labels.entries())
      if (label === truth && predicted[image] === taken) found.push(probabilities[image * classes + taken]);
  }
  if (found.length === 0) return null;
  return {
    mean: found.reduce((sum, value) => sum + value, 0) / found.length,
    sure: found.filter((value) => value >= 0.9).length / found.length,
  };
}

/** What Shirts are taken for, and what is taken for a Shirt: how often, and how sure the networks are of it. */
export function shirtTable(results: ReproductionResults): TableData | null {
  const evidence = shirtEvidence(results);
  const confusion = meanConfusion(currentGroup(results, "proposed"));
  if (!evidence || !confusion) return null;
  const { classNames, label, trials } = evidence;
  const cells = (truth: number, taken: number) => {
    const count = confusion[truth][taken];
    const total = confusion[truth].reduce((sum, value) => sum + value, 0);
    const confidence = confidenceOf(evidence, truth, taken);
    return [
      { text: decimal(count, 1), value: count, sources: trials },
      {
        text: hundredths(total === 0 ? 0 : count / total, 1),
        value: total === 0 ? 0 : (100 * count) / total,
      },
      confidence ? { text: hundredths(confidence.mean, 0), value: 100 * confidence.mean } : "–",
      confidence ? { text: hundredths(confidence.sure, 0), value: 100 * confidence.sure } : "–",
    ];
  };
  const others = classNames.map((name, index) => ({ name, index })).filter(({ index }) => index !== label);
  const byCount = (count: (index: number) => number) =>
    [...others].sort((a, b) => count(b.index) - count(a.index));
  return {
    id: "shirt-table",
    title: "What Shirts are taken for, and what is taken for a Shirt",
    caption: `Images of the test set, mean over ${plural(trials.length, "network")}, one a seed. Share: of the images of the true class. Sure: mean probability of the predicted class over these mistakes, and the share of them with 90 % or more.`,
    columns: [
      { title: "true class" },
      { title: "taken for" },
      { title: "images", numeric: true },
      { title: "share, %", numeric: true },
      { title: "mean, %", group: "sure", numeric: true },
      { title: "from 90 % on, %", group: "sure", numeric: true },
    ],
    rows: [
      [shirt, shirt, ...cells(label, label)],
      ...byCount((index) => confusion[label][index])
        .filter(({ index }) => confusion[label][index] > 0)
        .map(({ name, index }) => [shirt, name, ...cells(label, index)]),
      ...byCount((index) => confusion[index][label])
        .filter(({ index }) => confusion[index][label] > 0)
        .map(({ name, index }) => [name, shirt, ...cells(index, label)]),
    ],
  };
}
