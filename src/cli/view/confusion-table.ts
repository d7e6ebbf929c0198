import type { Evaluation } from "../../core/metrics/evaluation.js";
import { frequentMistakes } from "../../core/metrics/frequent-mistakes.js";
import { cutTo, padEnd, padStart, widthOf } from "./display-width.js";
import { painter } from "./paint.js";
import { visibleLine } from "./visible.js";

const widest = 100;
const widestLabel = 14;
const widestCell = 8;

/** The name's first word ("Ankle boot" → "Ankle"), as far as there is room. */
const shortName = (name: string, length: number): string =>
  widthOf(name) <= length ? name : cutTo(name.split(/[\s/]/)[0] || name, length);

/**
 * The confusion matrix: a row a true class, a column a predicted one, at most 100 columns wide. With colour
 * the diagonal is shaded and a cell with a tenth of its row or more stands out. Where the classes are too many
 * to fit, the most frequent mistakes in words; where they are too many for a matrix at all, that there is none.
 */
export function confusionTable({ classes, confusion }: Evaluation, colour: boolean): string {
  if (confusion.length === 0) return `${classes.length} classes are too many for a confusion matrix.`;
  const names = classes.map(({ name }) => visibleLine(name));
  const labelWidth = Math.min(widestLabel, Math.max(...names.map(widthOf)));
  const digits = Math.max(...confusion.map((row) => String(Math.max(...row)).length));
  const cellWidth = Math.min(widestCell, Math.floor((widest - labelWidth) / names.length));
  if (cellWidth < Math.max(digits + 1, 4)) return mistakesInWords(names, confusion);

  const paint = painter(colour);
  const head = names.map((name) => ` ${padStart(shortName(name, cellWidth - 1), cellWidth - 1)}`).join("");
  const rows = confusion.map((row, label) => {
    const support = classes[label].support;
    const cells = row.map((count, predicted) => {
      const text = (count === 0 ? "·" : String(count)).padStart(cellWidth);
      if (predicted === label) return paint("bold", paint("black", paint("bgGreen", text)));
      if (count === 0) return paint("dim", text);
      return count >= support / 10 ? paint("yellow", text) : text;
    });
    return padEnd(cutTo(names[label], labelWidth), labelWidth) + cells.join("");
  });
  return [
    "Rows: what an image is. Columns: what it was taken for.",
    paint("bold", " ".repeat(labelWidth) + head),
    ...rows,
  ].join("\n");
}

function mistakesInWords(names: readonly string[], confusion: readonly (readonly number[])[]): string {
  const mistakes = frequentMistakes(confusion, 20).map(
    ({ label, predicted, count }) => `${String(count).padStart(6)}  ${names[label]} → ${names[predicted]}`,
  );
  return [
    `The most frequent mistakes (${names.length} classes make too wide a matrix; heddle evaluate --json has it):`,
    ...(mistakes.length > 0 ? mistakes : ["  none"]),
  ].join("\n");
}
