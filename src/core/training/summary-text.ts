import { shapeText } from "../layers/shape.js";
import type { ModelSummary } from "../models/summary.js";

/** A model's table as lines of text: layer, type, output shape, parameters and multiply-adds of a sample. */
export function summaryText(name: string, { rows, parameters, multiplyAdds }: ModelSummary): string {
  const cells = [
    ["Layer", "Type", "Output", "Parameters", "Multiply-adds"],
    ...rows.map((row) => [
      row.name,
      row.type,
      shapeText(row.outputShape),
      grouped(row.parameters),
      grouped(row.multiplyAdds),
    ]),
    ["Total", "", "", grouped(parameters), grouped(multiplyAdds)],
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  "),
  );
  const rule = "─".repeat(lines[0].length);
  lines.splice(1, 0, rule);
  lines.splice(-1, 0, rule);
  return [name, ...lines].join("\n");
}

/** 487818 → 487,818 */
function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
