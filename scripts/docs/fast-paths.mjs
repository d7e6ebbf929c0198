import { existsSync } from "node:fs";
import { markdownTable, readResult } from "./results.mjs";

const file = "fast-paths.json";
const share = (value) => value.toExponential(1);

/** What Winograd's tiles cost in accuracy: gradient errors and paired trainings, from bench/fast-paths.mjs. */
export function fastPathsSection() {
  if (!existsSync(`results/${file}`))
    return "_Not measured yet: `node bench/fast-paths.mjs` writes the figures._";
  const { gradientErrors, batch, epochs, runs, environment, command } = readResult(file);
  const rows = gradientErrors.direct.map(({ name, largest, mean }, index) => {
    const fast = gradientErrors.winograd[index];
    return [`\`${name}\``, share(mean), share(fast.mean), share(largest), share(fast.largest)];
  });
  const last = (path) => runs.filter((run) => run.path === path).map((run) => run.validationAccuracy.at(-1));
  const [direct, fast] = [last("direct"), last("winograd")];
  const differences = fast.map((value, index) => 100 * (value - direct[index]));
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const percent = (value) => `${(100 * value).toFixed(2)} %`;
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
    `Validation accuracy after ${epochs} epochs; mean difference ${mean.toFixed(2)} points. \`${command}\` on Node ${environment.node} → \`results/${file}\`.`,
  ].join("\n");
}
