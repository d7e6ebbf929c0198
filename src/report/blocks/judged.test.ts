import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shapeSize } from "../../core/layers/shape.js";
import { expectedCalibrationError, reliabilityBins } from "../../core/metrics/calibration.js";
import { predictionsOf } from "../../core/metrics/predictions.js";
import { percent } from "../../core/words.js";
import { madeUpClasses, madeUpImages, madeUpRun, madeUpShape } from "../testing/made-up-runs.js";
import type { Point } from "../thin-curve.js";
import { calibration } from "./calibration.js";
import { classTable } from "./class-table.js";
import { confusionChart } from "./confusion-chart.js";
import { confusionMatrix } from "./confusion-matrix.js";
import { mistakesOf } from "./judged-images.js";
import { classPictures, leastSure, mistakes, pictureFigureHtml } from "./picture-figures.js";
import { meanCurve, mostRocPoints, type RocOptions, rocCurves } from "./roc-curves.js";

const run = madeUpRun("first", 1);
const other = madeUpRun("second", 2);
const classes = madeUpClasses.length;

describe("classTable", () => {
  it("has a row a class, and averages that stay below", () => {
    const { columns, rows, footRows } = classTable([run]);
    assert.deepEqual(
      columns.map(({ title }) => title),
      ["Class", "Precision", "Recall", "F1", "AUC", "Images"],
    );
    const { name, recall, support } = run.evaluation.classes[2];
    assert.equal(rows[2][0], name);
    assert.deepEqual(rows[2][2], { text: recall.toFixed(3), value: recall });
    assert.deepEqual(rows[2][5], { text: String(support), value: support });
    assert.deepEqual(
      footRows?.map(([title]) => title),
      ["macro average", "weighted average"],
    );
  });

  it("sets runs side by side under their names", () => {
    const { columns, rows, footRows = [] } = classTable([run, other]);
    assert.deepEqual(
      columns.map(({ group }) => group),
      [undefined, ...Array(4).fill("first"), ...Array(4).fill("second"), undefined],
    );
    assert.ok([...rows, ...footRows].every((row) => row.length === columns.length));
  });
});

describe("confusionMatrix", () => {
  const { html } = confusionMatrix(run);

  it("shows every count, in the row of the truth and the column of the prediction", () => {
    const rows = [...html.matchAll(/<tr>.*?<th scope="row">.*?<\/tr>/gs)].map(([row]) =>
      [...row.matchAll(/<td [^>]*>(?:<span[^>]*>)?(\d+)/g)].map(([, count]) => Number(count)),
    );
    assert.deepEqual(rows, run.evaluation.confusion);
  });

  it("says each cell in words and marks the diagonal", () => {
    const [count] = run.evaluation.confusion[0];
    const share = ((100 * count) / run.evaluation.classes[0].support).toFixed(1);
    assert.ok(html.includes(`title="T-shirt/top taken for what it is: ${count} of 100, ${share} %"`));
    assert.equal(html.match(/<td class="right"/g)?.length, classes);
  });

  it("takes a class without images", () => {
    const { evaluation } = run;
    const empty = {
      ...evaluation,
      confusion: evaluation.confusion.map((row, label) => (label === 1 ? row.map(() => 0) : row)),
      classes: evaluation.classes.map((each, label) => (label === 1 ? { ...each, support: 0 } : each)),
    };
    assert.doesNotMatch(confusionMatrix({ name: "x", evaluation: empty }).html, /NaN/);
  });
});

describe("confusionChart", () => {
  it("has every count, and says which mistake is the commonest", () => {
    const { title, description, option } = confusionChart(run);
    const [{ data }] = (option as { series: readonly { data: readonly { value: number[] }[] }[] }).series;
    const { confusion } = run.evaluation;
    for (const { value } of data) assert.equal(value[2], confusion[value[1]][value[0]]);
    assert.equal(title, "Confusion matrix of first");
    const most = Math.max(...confusion.map((row, truth) => Math.max(...row.toSpliced(truth, 1))));
    assert.match(description, new RegExp(`, ${most} times\\.$`));
  });
});

describe("rocCurves", () => {
  type Line = { readonly name: string; readonly data: readonly (Point | { readonly value: Point })[] };
  const linesOf = (record: typeof run, options?: RocOptions): readonly Line[] =>
    (rocCurves(record, "roc", options).option as { series: readonly Line[] }).series;
  const pointsOf = ({ data }: Line): Point[] => data.map((each) => ("value" in each ? each.value : each));

  it("draws each class and both averages from corner to corner, rising, thinned", () => {
    const large = madeUpRun("large", 3, 4000);
    const lines = linesOf(large);
    assert.equal(lines.length, classes + 2);
    for (const line of lines) {
      const points = pointsOf(line);
      assert.ok(points.length <= mostRocPoints);
      assert.deepEqual(
        [points[0], points[points.length - 1]],
        [
          [0, 0],
          [1, 1],
        ],
      );
      assert.ok(points.every(([x, y], at) => at === 0 || (x >= points[at - 1][0] && y >= points[at - 1][1])));
    }
  });

  it("keeps the shape: the area under a thinned curve is the whole one's to a thousandth", () => {
    const large = madeUpRun("large", 3, 4000);
    const lines = linesOf(large).slice(2);
    for (const [index, { auc }] of large.evaluation.classes.entries()) {
      const points = pointsOf(lines[index]);
      const area = points
        .slice(1)
        .reduce((sum, [x, y], at) => sum + ((x - points[at][0]) * (y + points[at][1])) / 2, 0);
      assert.ok(Math.abs(area - auc!) < 1e-3, `${area} and ${auc}`);
    }
  });

  it("draws the classes or the averages alone, and a corner as far as its edge", () => {
    assert.deepEqual(
      linesOf(run, { only: "averages" }).map(({ name }) => name.replace(/ [\d.]+$/, "")),
      ["micro average", "macro average"],
    );
    const lines = linesOf(run, { only: "classes", corner: { xMax: 0.2, yMin: 0.6 } });
    assert.equal(lines.length, classes);
    for (const line of lines) {
      const places = pointsOf(line).map(([x]) => x);
      assert.ok(places[places.length - 1] >= 0.2, "the line goes on to the edge");
      assert.ok(places.at(-2)! <= 0.2);
    }
  });

  it("leaves out a class that the test images lack", () => {
    const labels = run.predictions.labels.map((label) => (label === 3 ? 0 : label));
    const without = linesOf({ ...run, predictions: { ...run.predictions, labels } });
    assert.equal(without.length, classes + 1);
    assert.ok(without.every(({ name }) => !name.startsWith("Ankle boot")));
  });
});

describe("meanCurve", () => {
  it("is the mean height at every place, straight between points, at the top of upright pieces", () => {
    const upright: Point[] = [
      [0, 0],
      [0, 1],
      [1, 1],
    ];
    const slanted: Point[] = [
      [0, 0],
      [0.5, 0.5],
      [1, 1],
    ];
    assert.deepEqual(meanCurve([upright, slanted]), [
      [0, 0],
      [0, 0.5],
      [0.5, 0.75],
      [1, 1],
    ]);
    assert.deepEqual(meanCurve([]), []);
  });
});

describe("calibration", () => {
  it("holds what the bins hold, empty ones left out of the line", () => {
    const bins = reliabilityBins(
      predictionsOf(run.predictions.probabilities, run.predictions.labels, classes),
    );
    const chart = calibration([run]);
    const [, line, bars] = (chart.option as { series: readonly { readonly data: readonly unknown[] }[] })
      .series;
    assert.deepEqual(
      bars.data,
      bins.map(({ count }) => count),
    );
    assert.equal(line.data.length, bins.filter(({ count }) => count > 0).length);
    const error = (100 * expectedCalibrationError(bins)).toFixed(2);
    assert.ok(chart.description.startsWith(`first: expected calibration error ${error} % over 15 bins`));
  });
});

describe("mistakes", () => {
  it("are all mistakes, the most confident first", () => {
    const found = mistakesOf(run);
    assert.equal(found.length, Math.round(400 * (1 - run.evaluation.accuracy)));
    assert.ok(
      found.every(
        ({ label, predicted, image }) => label !== predicted && label === run.predictions.labels[image],
      ),
    );
    assert.ok(found.every(({ probability }, at) => at === 0 || probability <= found[at - 1].probability));
  });

  const size = shapeSize(madeUpShape);
  const images = madeUpImages();
  const pixels = new Map(
    Array.from(run.predictions.labels, (_, image) => [
      image,
      images.subarray(image * size, (image + 1) * size),
    ]),
  );

  it("are shown as pictures, with truth, prediction, probability and name", () => {
    const names = Array.from(run.predictions.labels, (_, image) => `shop/<${image}>.jpg`);
    const figure = mistakes(run, madeUpShape);
    const { html } = pictureFigureHtml(run, figure, { imageShape: madeUpShape, pixels, names });
    const [worst] = mistakesOf(run);
    assert.equal(html.match(/<img /g)?.length, 30);
    const escaped = (label: number): string =>
      madeUpClasses[label].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    assert.ok(
      html.includes(
        `alt="Test image ${worst.image}: ${escaped(worst.label)}, taken for ${escaped(worst.predicted)}"`,
      ),
    );
    assert.ok(html.includes(`<span class="muted">${percent(worst.probability, 1)}</span>`));
    assert.ok(html.includes(`<span class="file muted">shop/&lt;${worst.image}&gt;.jpg</span>`));
  });

  it("may be none, and are fewer where pictures are large", () => {
    const probabilities = new Float32Array(4 * classes);
    const labels = Uint8Array.of(0, 1, 2, 3);
    for (const [image, label] of labels.entries()) probabilities[image * classes + label] = 1;
    assert.deepEqual(mistakes({ ...run, predictions: { probabilities, labels } }, madeUpShape).shown, []);
    assert.equal(mistakes(run, [224, 224, 3]).shown.length, 13);
  });

  it("may be those on one class alone", () => {
    const { shown, title } = mistakes(run, madeUpShape, "m", 2);
    assert.ok(shown.length > 0 && shown.every(({ label }) => label === 2));
    assert.equal(shown.length, Math.min(30, mistakesOf(run).filter(({ label }) => label === 2).length));
    assert.match(String(title), / mistakes of first on /);
  });

  it("stand beside those that it is least sure of, and some of each class", () => {
    const { shown } = leastSure(run, madeUpShape);
    assert.ok(shown.every(({ probability }, at) => at === 0 || probability >= shown[at - 1].probability));
    assert.ok(
      shown[29].probability <=
        Math.min(
          ...mistakesOf(run)
            .slice(0, 30)
            .map((each) => each.probability),
        ),
    );
    const figures = classPictures(run);
    const recalls = figures.map(
      ({ title }) => run.evaluation.classes.find(({ name }) => name === title)!.recall,
    );
    assert.deepEqual(
      recalls,
      recalls.toSorted((a, b) => a - b),
    );
    for (const { title, shown } of figures) {
      const label = madeUpClasses.indexOf(title as string);
      assert.deepEqual(
        shown.map((each) => [each.label, each.predicted === label]),
        [true, true, true, false, false, false].map((right) => [label, right]),
      );
    }
  });
});
