import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { madeUpRun } from "../testing/made-up-runs.js";
import { accuracyCurves, learningRateCurves, lossCurves, validationCurves } from "./curves.js";

interface Line {
  readonly name: string;
  readonly color: string;
  readonly lineStyle: { readonly type: string };
  readonly data: readonly (readonly number[] | { readonly value: readonly number[] })[];
}

const linesOf = ({ option }: { readonly option: object }): readonly Line[] =>
  (option as { series: readonly Line[] }).series;
const pointsOf = ({ data }: Line): (readonly number[])[] =>
  data.map((point) => ("value" in point ? point.value : point));

const first = madeUpRun("first", 1);
const second = madeUpRun("second", 2);

describe("curves", () => {
  it("hold each epoch of training and validation", () => {
    const [validation, training] = linesOf(lossCurves([first]));
    assert.deepEqual([validation.name, training.name], ["validation", "training"]);
    assert.deepEqual(
      pointsOf(validation),
      first.history.map(({ epoch, validationLoss }) => [epoch, validationLoss]),
    );
    assert.deepEqual(
      pointsOf(training),
      first.history.map(({ epoch, trainLoss }) => [epoch, trainLoss]),
    );
  });

  it("give accuracies in per cent", () => {
    const [validation] = linesOf(accuracyCurves([first]));
    assert.deepEqual(pointsOf(validation)[0], [1, 100 * first.history[0].validationAccuracy]);
  });

  it("lay runs over each other, a colour a run, training dashed", () => {
    const lines = linesOf(lossCurves([first, second]));
    assert.deepEqual(
      lines.map(({ name }) => name),
      ["first, validation", "first, training", "second, validation", "second, training"],
    );
    assert.deepEqual(
      lines.map(({ lineStyle }) => lineStyle.type),
      ["solid", "dashed", "solid", "dashed"],
    );
    assert.equal(lines[0].color, lines[1].color);
    assert.notEqual(lines[1].color, lines[2].color);
  });

  it("leave training out where many runs are laid over each other", () => {
    const lines = linesOf(validationCurves([first, second]));
    assert.deepEqual(
      lines.map(({ name, lineStyle }) => [name, lineStyle.type]),
      [
        ["first", "solid"],
        ["second", "solid"],
      ],
    );
    assert.deepEqual(pointsOf(lines[1])[0], [1, 100 * second.history[0].validationAccuracy]);
  });

  it("say in words where they begin, end and are best", () => {
    assert.equal(
      lossCurves([first]).description,
      "first: over 40 epochs training goes from 2.000 to 0.050, validation goes from 2.100 to 0.150; in the best epoch, 40, validation is at 0.150.",
    );
  });

  it("leave out what is no number, and a run without epochs", () => {
    const unvalidated = first.history.map((record) => ({ ...record, validationLoss: Number.NaN }));
    assert.deepEqual(
      linesOf(
        lossCurves([
          { name: "a", history: unvalidated },
          { name: "b", history: [] },
        ]),
      ).map(({ name }) => name),
      ["a, training"],
    );
    assert.match(lossCurves([{ name: "b", history: [] }]).description, /b has no epoch yet/);
  });
});

describe("learningRateCurves", () => {
  it("ends where a rate has all but stopped, and begins its scale at a power of ten", () => {
    const rates = [0.02, 0.01, 0.001, 1e-8];
    const history = rates.map((learningRate, index) => ({
      ...first.history[0],
      epoch: index + 1,
      learningRate,
    }));
    const { xAxis, yAxis, series } = learningRateCurves([{ name: "a", history }]).option as {
      xAxis: { max: number };
      yAxis: { min: number };
      series: { data: number[][] }[];
    };
    assert.deepEqual(
      series[0].data.map(([epoch]) => epoch),
      [1, 2, 3],
    );
    assert.deepEqual([xAxis.max, yAxis.min], [4, 1e-6]);
  });

  it("begins at a power of ten as it is written, whatever the arithmetic makes of it", () => {
    for (let power = -9; power <= -3; power++) {
      const history = [1, 1e-3].map((share, epoch) => ({
        epoch,
        learningRate: share * 2 * 1000 * Number(`1e${power}`),
      }));
      const { yAxis } = learningRateCurves([{ name: "a", history }]).option as { yAxis: { min: number } };
      assert.equal(yAxis.min, Number(`1e${power}`));
    }
  });

  it("takes a logarithmic scale once the rates span more than two powers of ten", () => {
    const falling = (factor: number) =>
      learningRateCurves([
        {
          name: "a",
          history: first.history.map((record) => ({ ...record, learningRate: factor ** record.epoch })),
        },
      ]).option as { yAxis: { type: string; min?: number } };
    assert.equal(falling(0.5).yAxis.type, "log");
    assert.ok((falling(0.5).yAxis.min ?? 0) > 0);
    assert.deepEqual([falling(0.95).yAxis.type, falling(0.95).yAxis.min], ["value", 0]);
  });
});
