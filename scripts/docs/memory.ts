import { counted } from "#heddle/core/words.js";
import type { MemoryFile } from "../memory/report.js";
import { markdownTable, readResult } from "./results.js";

/** The most memory that trainings held: results/memory.json. */
export function memorySection(): string {
  const name = "memory.json";
  const file = readResult<MemoryFile>(name);
  if (!file) return "_Not measured yet: `node dist/scripts/memory.js` writes the figures._";
  const { environment, command, trainings } = file;
  const rows = trainings.map(({ training, steps, arena, peak }) => [
    training,
    ...[steps, arena, peak].map(counted),
  ]);
  const long = trainings.find(({ over }) => over)?.over ?? [];
  // From the first look at a step on: before it, the images are measured and the network is planned.
  const residents = long.filter(({ steps }) => steps > 0).map(({ resident }) => resident);
  return [
    `${environment.processor} (${environment.vectors}), Node ${environment.node}, ${environment.processors} threads:`,
    "",
    markdownTable(["training", "steps", "the network's memory, MiB", "the process at most, MiB"], rows),
    "",
    `From the first step on, looked at every ten seconds, the streamed training's process had between ${counted(Math.min(...residents))} and ${counted(Math.max(...residents))} MiB.`,
    "",
    `\`${command}\` → \`results/${name}\`.`,
  ].join("\n");
}
