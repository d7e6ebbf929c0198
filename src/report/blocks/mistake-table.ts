import { frequentMistakes } from "../../core/metrics/frequent-mistakes.js";
import { counted, percent } from "../../core/words.js";
import type { TableData } from "../table.js";
import type { JudgedRun } from "./class-table.js";

/** More would be read by nobody. */
const most = 40;

/** What is most often taken for what: in the place of a confusion matrix of too many classes to look at. */
export function mistakeTable({ name, evaluation }: JudgedRun, id: string): TableData {
  const { classes, confusion } = evaluation;
  return {
    id,
    title: `The most frequent mistakes of ${name}`,
    caption: `${counted(classes.length)} classes make too large a matrix to look at. Share: of the images of the true class.`,
    columns: [
      { title: "True class" },
      { title: "Taken for" },
      { title: "Images", numeric: true },
      { title: "Share", numeric: true },
    ],
    rows: frequentMistakes(confusion, most).map(({ label, predicted, count }) => {
      const share = count / classes[label].support;
      return [
        classes[label].name,
        classes[predicted].name,
        { text: counted(count), value: count },
        { text: percent(share, 1), value: share },
      ];
    }),
  };
}
