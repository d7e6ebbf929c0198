import { counted, figure } from "../../core/words.js";
import type { RunRecord } from "../../run/run-record.js";
import type { TableCell, TableColumn, TableData } from "../table.js";

/** What the table needs of a run. */
export type JudgedRun = Pick<RunRecord, "name"> & Required<Pick<RunRecord, "evaluation">>;

/** Precision, recall, F1 and AUC of each class and their averages; several runs side by side. */
export function classTable(runs: readonly JudgedRun[], id = "classes"): TableData {
  const figuresOf = (
    { precision, recall, f1 }: { precision: number; recall: number; f1: number },
    auc: number | null | undefined,
  ): TableCell[] => [cell(precision, 3), cell(recall, 3), cell(f1, 3), cell(auc)];
  const columns = runs.flatMap(({ name }) =>
    ["Precision", "Recall", "F1", "AUC"].map(
      (title): TableColumn => ({ title, numeric: true, group: runs.length > 1 ? name : undefined }),
    ),
  );
  const [{ evaluation: first }] = runs;
  const images = (count: number): TableCell => ({ text: counted(count), value: count });
  return {
    id,
    title: "Every class against the rest",
    caption:
      "AUC: the area under the class's ROC curve. Images: how many of the test images are of the class.",
    columns: [{ title: "Class" }, ...columns, { title: "Images", numeric: true }],
    rows: first.classes.map(({ name, support }, index) => [
      name,
      ...runs.flatMap(({ evaluation: { classes } }) => figuresOf(classes[index], classes[index].auc)),
      images(support),
    ]),
    footRows: [
      [
        "macro average",
        ...runs.flatMap(({ evaluation: { macro, macroAuc } }) => figuresOf(macro, macroAuc)),
        images(first.n),
      ],
      [
        "weighted average",
        ...runs.flatMap(({ evaluation: { weighted } }) => [
          ...figuresOf(weighted, undefined).slice(0, 3),
          "",
        ]),
        images(first.n),
      ],
    ],
  };
}

function cell(value: number | null | undefined, digits = 4): TableCell {
  const text = figure(value, digits);
  return typeof value === "number" ? { text, value } : { text };
}
