// Runs the trials of scripts/search/trials.ts that have no result yet and keeps each in results/protocol-search:
//   npm run build && node dist/scripts/search-protocol.js [--jobs 2] [--only PART] [--out DIR]
// Trials run side by side, one thread each: the bytes are the same for any number of threads. Nothing here looks at
// the test images.
import { fork } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { resultFile, runTrial, type TrialWork } from "./search/run-trial.js";
import { trials } from "./search/trials.js";

async function runTrials(): Promise<void> {
  const { values } = parseArgs({
    options: {
      jobs: { type: "string", default: "2" },
      only: { type: "string", default: "" },
      out: { type: "string", default: "results/protocol-search" },
    },
  });
  const { out: folder } = values;
  mkdirSync(folder, { recursive: true });
  const open = trials.filter(
    ({ name }) => name.includes(values.only) && !existsSync(resultFile(folder, name)),
  );
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let trial = open.shift(); trial; trial = open.shift()) {
      const child = fork(fileURLToPath(import.meta.url));
      child.send({ folder, trial } satisfies TrialWork);
      const ending = await new Promise((done) => {
        child.once("exit", (code, signal) => done(signal ?? code));
        child.once("error", done);
      });
      if (ending !== 0) failed.push(`${trial.name} (${ending})`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(", ")}. The same command runs them again.`);
    process.exitCode = 1;
  }
}

if (process.send) {
  process.once("message", async (work: TrialWork) => {
    await runTrial(work);
    // The parent may be gone: what it asked for is kept all the same.
    if (process.connected) process.disconnect();
  });
} else await runTrials();
