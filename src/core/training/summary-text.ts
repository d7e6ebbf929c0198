import type { ModelSummary } from "../graph/summary.js";
import { shapeText } from "../layers/shape.js";
import { counted } from "../words.js";

/** A model's table as lines of text: layer, type, output shape, parameters and multiply-adds of a sample. */
export function summaryText(name: string, { rows, parameters, multiplyAdds }: ModelSummary): string {
  const cells = [
    ["Layer", "Type", "Output", "Parameters", "Multiply-adds"],
    ...rows.map((row) => [
      row.name,
      row.type,
      shapeText(row.outputShape),
      counted(row.parameters),
      counted(row.multiplyAdds),
    ]),
    ["Total", "", "", counted(parameters), counted(multiplyAdds)],
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
