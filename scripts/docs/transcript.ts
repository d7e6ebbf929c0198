import { existsSync, readFileSync } from "node:fs";

/** What a command showed when scripts/transcript.ts last ran it. */
export const transcriptSection = (name: "start" | "sweep") => (): string => {
  const file = `results/${name}-transcript.txt`;
  if (!existsSync(file)) return `_Not recorded yet: \`node dist/scripts/transcript.js ${name}\` writes it._`;
  return ["```text", readFileSync(file, "utf8").trimEnd(), "```"].join("\n");
};

/** The specification that the transcript of a sweep is of. */
export const sweepSpecSection = (): string =>
  ["```yaml", readFileSync("examples/sweep.yaml", "utf8").trimEnd(), "```"].join("\n");
