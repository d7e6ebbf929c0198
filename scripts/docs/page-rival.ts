import { medianRatio } from "#heddle/bench/interleave.js";
import { quartiles } from "#heddle/bench/measure.js";
import type { PageFile } from "../bench/result-files.js";
import { markdownTable, milliseconds, readResults, type Section, timesText, vectorsOf } from "./results.js";

/** heddle and jax-js in the same page: the newest file of each kind of processor. */
export const pageRivalSection: Section = (root) => {
  const newest = new Map(
    readResults<PageFile>(/^page-\d{8}T\d{6}Z-[a-z0-9]+\.json$/).map((each) => [
      each.file.environment.vectors,
      each,
    ]),
  );
  if (newest.size === 0) return "_Not measured yet: `node dist/scripts/bench/page.js` writes the figures._";
  return [...newest.values()]
    .map(({ name, file: { environment, command, browser, rival, rows } }) => {
      const cells = rows.map(({ name: work, heddle, jax }) => [
        `\`${work}\``,
        milliseconds(quartiles(heddle).median),
        milliseconds(quartiles(jax).median),
        timesText(1 / medianRatio(heddle, jax)),
      ]);
      return [
        `${environment.processor} (${vectorsOf(environment.vectors)}), ${browser}, ${rows[0].threads} threads:`,
        markdownTable(["work", "heddle, ms", `${rival}, ms`, "heddle, times as fast"], cells),
        `\`${command}\` → [${name}](${root}results/${name}), which holds the raw rounds.`,
      ].join("\n\n");
    })
    .join("\n\n");
};
