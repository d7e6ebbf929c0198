import { counted } from "#heddle/core/words.js";
import type { LoadRow, ServeFile } from "../load-serve/report.js";
import { markdownTable, milliseconds, readResult } from "./results.js";

const rowOf = ({
  name,
  connections,
  rate,
  requestsPerSecond,
  imagesPerSecond,
  p50,
  p99,
}: LoadRow): string[] => [
  name,
  connections === undefined ? `${counted(rate ?? 0)} a second` : String(connections),
  counted(Math.round(requestsPerSecond)),
  counted(Math.round(imagesPerSecond)),
  milliseconds(p50),
  milliseconds(p99),
];

/** A server under load: results/serve.json. */
export function serveSection(): string {
  const name = "serve.json";
  const file = readResult<ServeFile>(name);
  if (!file) return "_Not measured yet: `node dist/scripts/load-serve.js` writes the figures._";
  const { environment, command, model, inference, decoding, picture, rows, memory } = file;
  const resident = memory.map(({ mebibytes }) => mebibytes);
  const refused = rows.reduce((sum, row) => sum + row.refused, 0);
  return [
    `${environment.processor} (${environment.vectors}), Node ${environment.node}, ${environment.processors} processors, on which the client runs too. ${model}; alone, inference of 128 images at once does ${counted(Math.round(inference))} images a second, and the decoder ${counted(Math.round(decoding))} pictures (${picture}).`,
    "",
    markdownTable(
      ["requests", "connections", "requests a second", "images a second", "p50, ms", "p99, ms"],
      rows.map(rowOf),
    ),
    "",
    `${counted(refused)} of them were refused. In ${counted(memory.at(-1)?.requests ?? 0)} requests more, of one image each, the process had between ${counted(Math.min(...resident))} and ${counted(Math.max(...resident))} MiB, ${counted(resident[0])} before and ${counted(resident.at(-1) ?? 0)} after.`,
    "",
    `\`${command}\` → \`results/${name}\`.`,
  ].join("\n");
}
