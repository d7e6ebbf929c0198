import { csvNameCell } from "../../core/csv-cell.js";
import type { HeddleError } from "../../core/errors.js";
import type { Classification } from "../../core/training/classify.js";
import { percent } from "../../core/words.js";
import { PictureError } from "../../node/pictures/picture-error.js";
import { painter } from "./paint.js";
import { visibleLine } from "./visible.js";

/** A picture by its name, with what it is taken for or what is wrong with it. */
export type NamedResult = { readonly file: string } & (
  | (Classification & { readonly error?: undefined })
  | { readonly error: HeddleError }
);

/** How results are written, one after the other. */
export interface PredictionFormat {
  /** What stands above them. */
  readonly head?: string;
  readonly lines: (result: NamedResult) => readonly string[];
}

const reasonOf = (error: HeddleError): string =>
  error instanceof PictureError ? error.reason : error.message;

/** A line a picture: its name, and its most probable classes. */
export function predictionText(colour: boolean): PredictionFormat {
  const paint = painter(colour);
  return {
    lines: (result) => {
      const name = visibleLine(result.file);
      if (result.error) return [`${name}: ${paint("red", "can't be used")}: ${reasonOf(result.error)}`];
      const classes = result.predictions.map(({ className, probability }, rank) => {
        const shown = visibleLine(className);
        return `${rank === 0 ? paint("bold", shown) : shown} ${percent(probability)}`;
      });
      return [`${name}: ${classes.join(", ")}${result.unsure ? " (unsure)" : ""}`];
    },
  };
}

/** An object a picture. */
export const predictionJson: PredictionFormat = {
  lines: (result) => {
    if (result.error) return [JSON.stringify({ file: result.file, error: reasonOf(result.error) })];
    const { file, predictions, unsure } = result;
    return [JSON.stringify({ file, predictions, unsure })];
  },
};

/** A row for each class that is told of a picture, by RFC 4180. What a spreadsheet would take for a formula has a quote before it. */
export const predictionCsv: PredictionFormat = {
  head: "file,rank,class,label,probability,unsure,error",
  lines: (result) => {
    const file = csvNameCell(result.file);
    if (result.error) return [row(file, "", "", "", "", "", csvNameCell(reasonOf(result.error)))];
    const { predictions, unsure } = result;
    return predictions.map(({ className, label, probability }, rank) =>
      row(file, rank + 1, csvNameCell(className), label, probability.toPrecision(9), unsure, ""),
    );
  },
};

const row = (...cells: readonly (string | number | boolean)[]): string => cells.join(",");
