import { pngOf } from "../../report/picture.js";
import { shades } from "../../report/theme.js";
import type { SummaryImage } from "./event-file.js";

/** Pixels along a side that a picture is to have, and a cell at most. */
const wantedSide = 480;
const mostOfCell = 40;

const rgb = (hex: string): readonly number[] =>
  [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));

const none = rgb(shades.raised.light);
const right = rgb(shades.heat.light);
const wrong = rgb(shades["heat-wrong"].light);

/**
 * A confusion matrix as a picture: a row a true class from above, a column a predicted one. A cell's colour says its share
 * of the row, by the root of it so that rare mistakes show: blue where it is right, orange where it is wrong.
 *
 * @param confusion counts, `confusion[true][predicted]`
 */
export function confusionPicture(confusion: readonly (readonly number[])[]): SummaryImage {
  const classes = confusion.length;
  const cell = Math.max(1, Math.min(mostOfCell, Math.floor(wantedSide / classes)));
  const gap = cell >= 8 ? 1 : 0;
  const side = classes * cell;
  const pixels = new Uint8Array(side * side * 3).fill(255);
  confusion.forEach((row, truth) => {
    const sum = row.reduce((total, count) => total + count, 0);
    row.forEach((count, predicted) => {
      const share = sum === 0 ? 0 : Math.sqrt(count / sum);
      const full = truth === predicted ? right : wrong;
      const colour = none.map((from, channel) => Math.round(from + share * (full[channel] - from)));
      for (let y = truth * cell; y < (truth + 1) * cell - gap; y++)
        for (let x = predicted * cell; x < (predicted + 1) * cell - gap; x++)
          pixels.set(colour, (y * side + x) * 3);
    });
  });
  return { height: side, width: side, png: pngOf(pixels, [side, side, 3]) };
}
