// The most memory that trainings hold, each in a process of its own:
//   npm run build && node dist/scripts/memory.js [minutes]
// The last one, on streamed images, goes on for some minutes (default 5), in which its memory must stay flat. Writes
// results/memory.json.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { wholeNumber } from "./arguments.js";
import { describeMachine } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import type { Held, MemoryFile } from "./memory/report.js";

const minutes = wholeNumber(process.argv[2] ?? "5", "minutes");
const trainings = ["paper", "deep", "streamed"].map((name): Held => {
  const program = fileURLToPath(new URL(`memory/${name}.js`, import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [program, String(minutes)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`The ${name} training failed.`);
  const held = JSON.parse(stdout) as Held;
  console.log(`${held.training}: at most ${held.peak} MiB resident.`);
  return held;
});
const content: MemoryFile = {
  environment: describeMachine(),
  command: `node dist/scripts/memory.js ${minutes}`,
  trainings,
};
console.log(writeResult("memory.json", content));
