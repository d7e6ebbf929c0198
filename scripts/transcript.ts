// Keeps what `npm start` and `heddle sweep examples/sweep.yaml` show, for the README and docs/sweep.md:
// `npm run build && node dist/scripts/transcript.js` (two minutes on two idle cores), or with one of the names `start`
// and `sweep`; then `npm run docs`.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeEnvironment } from "#heddle/node/environment.js";
import { chosen } from "./arguments.js";

const { processor, processors, node } = describeEnvironment();
const folder = mkdtempSync(join(tmpdir(), "heddle-transcript-"));

/** What is typed, and what does the same here. */
const commands = {
  start: { typed: "npm start", run: "npm start --silent" },
  sweep: {
    typed: "heddle sweep examples/sweep.yaml",
    run: `node dist/cli/main.js sweep examples/sweep.yaml --out ${join(folder, "sweep")}`,
  },
} as const;

const names = Object.keys(commands) as (keyof typeof commands)[];

mkdirSync("results", { recursive: true });
try {
  for (const name of chosen(process.argv.slice(2), names)) {
    const { typed, run } = commands[name];
    // One stream for both, in the order of a terminal.
    const { status, stdout } = spawnSync("sh", ["-c", `${run} 2>&1`], {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", npm_config_loglevel: "silent" },
    });
    if (status !== 0) throw new Error(`${typed} ended with ${status}:\n${stdout}`);
    const shown = stdout.trimEnd().replaceAll(join(folder, "sweep"), join("sweeps", "sweep"));
    const head = `$ ${typed}        # ${processors} threads of an ${processor}, Node ${node}`;
    writeFileSync(`results/${name}-transcript.txt`, `${head}\n${shown}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
