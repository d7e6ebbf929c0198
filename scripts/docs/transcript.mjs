import { existsSync, readFileSync } from "node:fs";

const file = "results/start-transcript.txt";

/** What `npm start` showed when scripts/transcript.mjs last ran it. */
export function transcriptSection() {
  if (!existsSync(file)) return "_Not recorded yet: `node scripts/transcript.mjs` writes it._";
  return ["```text", readFileSync(file, "utf8").trimEnd(), "```"].join("\n");
}
