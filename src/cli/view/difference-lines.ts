import { counted, listed, percent, plural } from "../../core/words.js";
import type { RunChange } from "../../run/diff/changes.js";
import type { WeightsChange } from "../../run/diff/compare-tensors.js";
import type { RunsDifference } from "../../run/diff/diff-runs.js";
import { plainTable } from "./plain-table.js";
import { visibleLine } from "./visible.js";

/** What differs between two runs, a section each. */
export function differenceLines(difference: RunsDifference): string[] {
  const { runs, settings, data, dataCompared, environment, last, best, testAccuracy } = difference;
  return [
    ...section("Settings", settings, runs, "the same"),
    ...section(
      "Data",
      data,
      runs,
      dataCompared
        ? "the same images and labels"
        : "called the same, and not compared: that takes a receipt of each",
    ),
    ...section("Environment", environment, runs, "the same"),
    `Weights: ${partingWords(difference)}`,
    ...(last ? weightsLines("last", last) : []),
    ...(best && !isSame(best, last) ? weightsLines("best", best) : []),
    `Test accuracy: ${listed(testAccuracy.map((each) => percent(each)))}`,
  ];
}

function section(
  title: string,
  changes: readonly RunChange[],
  runs: readonly [string, string],
  otherwise: string,
): string[] {
  if (changes.length === 0) return [`${title}: ${otherwise}`];
  const table = plainTable(
    [
      { head: title, align: "left" },
      { head: visibleLine(runs[0]), align: "left" },
      { head: visibleLine(runs[1]), align: "left" },
    ],
    changes.map(({ key, values }) => [key, ...values.map(valueWords)]),
  );
  return [table, ""];
}

/** A digest is told by its beginning; `--json` has all of it. */
const widestValue = 40;

function valueWords(value: unknown): string {
  if (value === undefined || value === null) return "–";
  const words = typeof value === "string" ? value : JSON.stringify(value);
  return words.length > widestValue ? `${words.slice(0, widestValue - 1)}…` : words;
}

function partingWords({ parting, epochs, runs }: RunsDifference): string {
  if (!parting) {
    const [fewer, more] = epochs[0] <= epochs[1] ? [0, 1] : [1, 0];
    const further = epochs[0] === epochs[1] ? "" : `; ${runs[more]} goes on to epoch ${epochs[more]}`;
    return epochs[fewer] === 0
      ? "nothing to compare, for one of the runs has no epoch"
      : `the same after each of ${plural(epochs[fewer], "epoch")}${further}`;
  }
  const { epoch, by, step } = parting;
  if (step === 0) return "others from the beginning: they part before the first step";
  const place = step === undefined ? `in epoch ${epoch}` : `in epoch ${epoch}, with step ${step}`;
  const before = epoch === 1 ? "" : `, and are the same after epoch ${epoch - 1}`;
  const how = by === "figures" ? ", as their losses and accuracies say" : "";
  return `they part ${place}${before}${how}`;
}

/** The best weights are often the last ones. */
const isSame = (best: WeightsChange, last: WeightsChange | undefined): boolean =>
  JSON.stringify(best) === JSON.stringify(last);

const mostTensors = 12;

function weightsLines(name: string, { epochs, compared, tensors, only }: WeightsChange): string[] {
  const place = `the ${name} weights, of epochs ${listed(epochs.map(String))}`;
  const missing = only.flatMap((names, run) =>
    names.length > 0
      ? [`${plural(names.length, "tensor")} only the ${run === 0 ? "first" : "second"} has`]
      : [],
  );
  const summary = `In ${place}, ${tensors.length} of ${plural(compared, "tensor")} differ${missing.length > 0 ? `; ${listed(missing)}` : ""}.`;
  if (tensors.length === 0) return [summary];
  const largestFirst = tensors.toSorted(
    (a, b) => (b.rootMeanSquare ?? Infinity) - (a.rootMeanSquare ?? Infinity),
  );
  const table = plainTable(
    [
      { head: "Tensor", align: "left" },
      { head: "Numbers that differ", align: "right" },
      { head: "Largest difference", align: "right" },
      { head: "Root mean square", align: "right" },
    ],
    largestFirst
      .slice(0, mostTensors)
      .map(({ tensor, count, of, largest, rootMeanSquare }) => [
        tensor,
        `${counted(count)} of ${counted(of)}`,
        largest?.toPrecision(3) ?? "not a number",
        rootMeanSquare?.toPrecision(3) ?? "not a number",
      ]),
  );
  const rest = tensors.length - mostTensors;
  return [summary, table, ...(rest > 0 ? [`and ${plural(rest, "more", "more")}, which --json has`] : []), ""];
}
