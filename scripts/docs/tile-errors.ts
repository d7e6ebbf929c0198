import type { TileErrorsFile } from "../bench/result-files.js";
import { markdownTable, readResult } from "./results.js";

const name = "tile-errors.json";

/** What Winograd's tiles round away, from scripts/bench/tile-errors.ts. */
export function tileErrorsSection(): string {
  const file = readResult<TileErrorsFile>(name);
  if (!file) return "_Not measured yet: `node dist/scripts/bench/tile-errors.js` writes the figures._";
  const [smallest] = file.results;
  return [
    markdownTable(
      ["tile", "points", "error", "of the smallest tile's"],
      file.results.map(({ outputs, taps, points, used, error }) => [
        `F(${outputs} × ${outputs}, ${taps} × ${taps})${used ? "" : ", not used"}`,
        points,
        error.toExponential(1),
        `${(error / smallest.error).toFixed(1)} ×`,
      ]),
    ),
    "",
    `Random squares over ${file.channels} channels in float32, as shares of the result's root mean square; \`${file.command}\` → \`results/${name}\`.`,
  ].join("\n");
}
