// Keeps what `npm start` shows, for the README: `npm run build && node dist/scripts/transcript.js` (about a minute on
// two idle cores), then `npm run docs`.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { describeEnvironment } from "#heddle/node/environment.js";

const { processor, processors, node } = describeEnvironment();
// One stream for both, in the order of a terminal.
const run = spawnSync("sh", ["-c", "npm start --silent 2>&1"], {
  encoding: "utf8",
  env: { ...process.env, NO_COLOR: "1", npm_config_loglevel: "silent" },
});
if (run.status !== 0) {
  console.error(`npm start ended with ${run.status}:\n${run.stdout}`);
  process.exit(1);
}
mkdirSync("results", { recursive: true });
writeFileSync(
  "results/start-transcript.txt",
  `$ npm start        # ${processors} threads of an ${processor}, Node ${node}\n${run.stdout.trimEnd()}\n`,
);
