import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { evaluate } from "../../core/metrics/evaluation.js";
import { classTable, evaluationTables } from "./evaluation-tables.js";

const names = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/** Images of which every fourth of a class is taken for the next class. */
function judged(classNames: readonly string[], imagesPerClass: number) {
  const classes = classNames.length;
  const labels = Array.from({ length: classes * imagesPerClass }, (_, image) => image % classes);
  const probabilities = new Float32Array(labels.length * classes).fill(0.1 / (classes - 1));
  labels.forEach((label, image) => {
    const taken = Math.floor(image / classes) % 4 === 3 ? (label + 1) % classes : label;
    probabilities[image * classes + taken] = 0.9;
  });
  return evaluate(probabilities, labels, classNames);
}

describe("evaluation tables", () => {
  const evaluation = judged(names, 1000);
  const plain = evaluationTables(evaluation, false);

  it("tell what a calibration comes to", () => {
    const calibration = {
      temperature: 1.25,
      unsureBelow: 0.625,
      goal: 0.95,
      images: 200,
      loss: 0.5,
      expectedCalibrationError: 0.0125,
      sure: 0.75,
      sureAccuracy: 0.9625,
    };
    const told = evaluationTables({ ...evaluation, calibration }, false);
    assert.match(
      told,
      /^Calibrated +0\.0125 expected, at temperature 1\.250\n +25\.0 % unsure, below a probability of 62\.5 %; of the others 96\.3 % are right$/m,
    );
    const having = (change: Partial<typeof calibration>) =>
      evaluationTables({ ...evaluation, calibration: { ...calibration, ...change } }, false);
    assert.match(having({ sure: 0 }), /100\.0 % unsure, below a probability of 62\.5 %$/m);
    assert.match(having({ unsureBelow: 1, sure: 0 }), /all unsure: at no probability were 95 % right/);
    const few = evaluationTables(
      { ...evaluation, calibration: { ...calibration, unsureBelow: null } },
      false,
    );
    assert.match(few, /too few images validated to say when it is unsure/);
  });

  it("tell the headline figures", () => {
    assert.match(plain, /^Images +10,000$/m);
    assert.match(plain, /^Accuracy +75\.00 %$/m);
    assert.match(plain, /^Top-2 accuracy /m);
    assert.doesNotMatch(plain, /Calibrated/);
    assert.match(plain, /^AUC +0\.\d{4} macro, 0\.\d{4} micro$/m);
  });

  it("tell the balanced accuracy where classes are uneven, and only there", () => {
    assert.doesNotMatch(plain, /Balanced/);
    // Every image is taken for the first class.
    const probabilities = Float32Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 1 : 0));
    const uneven = evaluate(probabilities, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], ["coat", "hat"]);
    assert.match(
      evaluationTables(uneven, false),
      /^Accuracy +90\.00 %\nBalanced accuracy +50\.00 % with every class/m,
    );
  });

  it("have a row a class and one an average", () => {
    assert.match(plain, /^Ankle boot +0\.750 +0\.750 +0\.750 +0\.\d{4} +1,000$/m);
    assert.match(plain, /^macro average +0\.750 .* 10,000$/m);
    assert.match(plain, /^weighted average +0\.750 .* 10,000$/m);
  });

  it("have the confusion matrix with the true class before its row", () => {
    assert.match(plain, /^ +T-shirt Trouser Pullov… +Dress +Coat +Sandal +Shirt Sneaker +Bag +Ankle$/m);
    assert.match(plain, /^Trouser +· +750 +250 +·/m);
    assert.match(plain, /^Ankle boot +250 .* 750$/m);
  });

  it("fit into 100 columns for any number of classes", () => {
    for (const classes of [2, 3, 10, 16, 26, 62, 400]) {
      const text = evaluationTables(
        judged(
          Array.from({ length: classes }, (_, i) => `some long class name ${i}`),
          8,
        ),
        false,
      );
      const widest = Math.max(...text.split("\n").map((line) => line.length));
      assert.ok(widest <= 100, `${classes} classes: ${widest} columns`);
    }
  });

  it("name the most frequent mistakes where there are too many classes for a matrix", () => {
    const text = evaluationTables(
      judged(
        Array.from({ length: 62 }, (_, index) => `letter ${index}`),
        8,
      ),
      false,
    );
    assert.match(text, /most frequent mistakes \(62 classes/);
    assert.match(text, /^ +2 {2}letter 0 → letter 1$/m);
  });

  it("say so where there are too many even to count each taken for each", () => {
    const text = evaluationTables({ ...evaluation, confusion: [] }, false);
    assert.match(text, /^10 classes are too many for a confusion matrix\.$/m);
  });

  it("have colour only when asked, and the same words", () => {
    const coloured = evaluationTables(evaluation, true);
    assert.equal(stripVTControlCharacters(plain), plain);
    assert.notEqual(coloured, plain);
    assert.equal(stripVTControlCharacters(coloured), plain);
  });

  it("have a dash for the area of a class without images", () => {
    const absent = evaluate(Float32Array.of(0.6, 0.4), [0], ["a", "b"]);
    assert.match(classTable(absent, false), /^b +0\.000 +0\.000 +0\.000 +– +0$/m);
  });
});
