import { percent } from "#heddle/core/words.js";
import type { ConvolutionPath, FastPathsFile } from "../bench/result-files.js";
import { markdownTable, readResult, todaysCommand } from "./results.js";

const name = "fast-paths.json";
const share = (value: number): string => value.toExponential(1);

/** What Winograd's tiles cost in accuracy: gradient errors and paired trainings, from scripts/bench/fast-paths.ts. */
export function fastPathsSection(): string {
  const file = readResult<FastPathsFile>(name);
  if (!file) return "_Not measured yet: `node dist/scripts/bench/fast-paths.js` writes the figures._";
  const { gradientErrors, batch, epochs, runs, environment, command } = file;
  const rows = gradientErrors.direct.map(({ name: tensor, largest, mean }, index) => {
    const fast = gradientErrors.winograd[index];
    return [`\`${tensor}\``, share(mean), share(fast.mean), share(largest), share(fast.largest)];
  });
  const last = (path: ConvolutionPath): number[] =>
    runs.filter((run) => run.path === path).map((run) => run.validationAccuracy.at(-1)!);
  const [direct, fast] = [last("direct"), last("winograd")];
  const differences = fast.map((value, index) => 100 * (value - direct[index]));
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  return [
    markdownTable(
      ["gradient", "mean, direct", "mean, Winograd", "largest, direct", "largest, Winograd"],
      rows,
    ),
    "",
    `Errors against the double-precision twin as shares of each tensor's root mean square, a batch of ${batch}, first weights.`,
    "",
    markdownTable(
      ["seed", "direct", "Winograd", "difference, points"],
      direct.map((value, index) => [
        String(index + 1),
        percent(value),
        percent(fast[index]),
        differences[index].toFixed(2),
      ]),
    ),
    "",
    `Validation accuracy after ${epochs} epochs; mean difference ${mean.toFixed(2)} points. \`${todaysCommand(command)}\` on Node ${environment.node} → \`results/${name}\`.`,
  ].join("\n");
}
