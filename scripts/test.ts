// Runs every built test file with Node's own test runner: `node dist/scripts/test.js [part of a path …]`. A test, or a
// file, that takes longer than the limit has hung and fails.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, sep } from "node:path";

const limit = 240_000;

/** One more than there are processors: tests wait for browsers, other processes and timers much of their time. */
const atOnce = availableParallelism() + 1;

/** Folders that are built to one of their own name; all else is of src. */
const besideSrc = ["scripts", "examples"];

/** False of what a source that was moved or deleted has left behind: the compiler doesn't clear it away. */
function hasSource(built: string): boolean {
  const path = relative("dist", built).replace(/\.js$/, ".ts");
  return existsSync(besideSrc.includes(path.split(sep)[0]) ? path : join("src", path));
}

const wanted = process.argv.slice(2);
const files = readdirSync("dist", { recursive: true, encoding: "utf8" })
  .map((file) => join("dist", file))
  .filter((file) => file.endsWith(".test.js") && hasSource(file))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(
    `No test file matches ${wanted.join(", ") || "dist/**/*.test.js"}. Run \`npm run build\` first.`,
  );
  process.exit(1);
}
// The compiler leaves it as it was.
await import("./bundle-page.js");
const run = spawnSync(
  process.execPath,
  ["--test", "--test-reporter=spec", `--test-concurrency=${atOnce}`, `--test-timeout=${limit}`, ...files],
  { stdio: "inherit" },
);
process.exit(run.status ?? 1);
