import { existsSync, readFileSync } from "node:fs";

const file = "results/start-transcript.txt";

/** What `npm start` showed when scripts/transcript.ts last ran it. */
export function transcriptSection(): string {
  if (!existsSync(file)) return "_Not recorded yet: `node dist/scripts/transcript.js` writes it._";
  return ["```text", readFileSync(file, "utf8").trimEnd(), "```"].join("\n");
}
