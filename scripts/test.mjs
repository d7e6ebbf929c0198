// Runs every built test file with Node's own test runner: `node scripts/test.mjs [part of a path …]`. A test, or a
// file, that takes longer than the limit has hung and fails.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const limit = 240_000;

const wanted = process.argv.slice(2);
const files = readdirSync("dist", { recursive: true })
  .map((file) => join("dist", String(file)))
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(
    `No test file matches ${wanted.join(", ") || "dist/**/*.test.js"}. Run \`npm run build\` first.`,
  );
  process.exit(1);
}
const run = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    "--test",
    "--test-reporter=spec",
    "--test-concurrency=2",
    `--test-timeout=${limit}`,
    ...files,
  ],
  { stdio: "inherit" },
);
process.exit(run.status ?? 1);
