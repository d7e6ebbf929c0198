import { markdownTable, milliseconds, newestBenches, readResult } from "./results.mjs";

/** What else trains the same network from JavaScript, with heddle's newest figure below it. */
export function rivalsJavascriptSection() {
  const { machine, work, stepsPerEpoch, training, note } = readResult("rivals-javascript.json");
  const row = (engine, stepMs, where) => [
    engine,
    stepMs === null ? "–" : milliseconds(stepMs),
    stepMs === null ? "–" : duration((stepMs * stepsPerEpoch) / 1000),
    where,
  ];
  const theirs = training.map(({ engine, version, backend, stepMs, remark }) =>
    row(`${engine} ${version}, ${backend}${remark ? ` (${remark})` : ""}`, stepMs, machine.processor),
  );
  const ours = newestBenches().flatMap(({ result }) => {
    const { heddle, processor } = result.environment;
    const found = result.results.find(({ name, threads }) => name === work && threads === machine.cores);
    return found ? [row(`**heddle ${heddle}**`, found.medianMs, processor)] : [];
  });
  return [
    markdownTable(["engine", "ms a step", `${stepsPerEpoch} steps`, "measured on"], [...theirs, ...ours]),
    "",
    `Proposed CNN, batch 128. ${note}`,
  ].join("\n");
}

function duration(seconds) {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
