import type { CaseResult } from "../check-onnx/run-case.js";
import { markdownTable, readResult } from "./results.js";

/** What check-onnx.ts writes. */
interface ConformanceFile {
  readonly command: string;
  readonly onnx: string;
  readonly networks: readonly CaseResult[];
  readonly layers: readonly CaseResult[];
}

/** What of ONNX's conformance data is imported, and what is refused and why: results/onnx-conformance.json. */
export function onnxConformanceSection(): string {
  const name = "onnx-conformance.json";
  const file = readResult<ConformanceFile>(name);
  if (!file) return "_Not checked yet: `node dist/scripts/check-onnx.js PYTHON` writes the results._";
  const { command, onnx, networks, layers } = file;
  return [
    `Of the ${networks.length} whole networks of ONNX ${onnx}'s conformance data ${agreeing(networks)} are imported and agree:`,
    "",
    table(networks),
    "",
    `Of the ${layers.length} cases that were converted from PyTorch and take images of two axes, ${agreeing(layers)}:`,
    "",
    table(layers),
    "",
    `\`${command}\` → \`results/${name}\`. The difference is the largest over the largest value.`,
  ].join("\n");
}

const agreeing = (results: readonly CaseResult[]): number =>
  results.filter(({ result }) => result === "agrees").length;

const table = (results: readonly CaseResult[]): string =>
  markdownTable(
    ["case", "result", "difference, or why not"],
    results.map(({ name, result, difference, why }) => [
      name,
      result,
      why ?? (difference ?? 0).toExponential(1),
    ]),
  );
