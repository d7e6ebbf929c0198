// What a training step costs where the processors are not a process's own: under half a core of quota, with more threads
// than cores, beside neighbours that keep every core busy.
//   npm run build && node dist/scripts/processor-shares.js [seconds a situation]
// writes results/processor-shares.json. The quota is a real control group of Linux, version 1 or 2, which takes root;
// elsewhere that situation is left out, and the file says so.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { createNetworkWorkload } from "#heddle/bench/network-rows.js";
import { nodePlatform } from "#heddle/node/platform.js";
import { wholeNumber } from "./arguments.js";
import { describeMachine } from "./bench/machine.js";
import type { ShareResult, SharesFile } from "./bench/result-files.js";
import { writeResult } from "./bench/write-result.js";
import { neighbours } from "./processor-shares/neighbours.js";

const program = fileURLToPath(import.meta.url);
const batch = 128;
const quota = 0.5;
const periodMicroseconds = 100_000;

type Measured = Omit<ShareResult, "situation" | "expectedMs">;

/** Steps for some time: the mean, for a quota holds some up and not others. */
async function measure(threads: number, seconds: number): Promise<Measured> {
  const workload = await createNetworkWorkload({ kind: "train", model: "proposed", batch }, threads);
  const run = async (milliseconds: number): Promise<number> => {
    const end = performance.now() + milliseconds;
    let steps = 0;
    for (; performance.now() < end; steps++) await workload.run();
    return steps;
  };
  await run(seconds * 300);
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const steps = await run(seconds * 1000);
  const used = process.cpuUsage(cpu);
  const milliseconds = performance.now() - start;
  await workload.close();
  return { threads, stepMs: milliseconds / steps, cpuMs: (used.user + used.system) / 1000 / steps };
}

/** A control group that grants part of one core; nothing where none can be made. */
function halfCore(): { readonly processes: string; remove(): void } | undefined {
  const period = String(periodMicroseconds);
  const granted = String(quota * periodMicroseconds);
  const kinds = [
    { root: "/sys/fs/cgroup/cpu", files: { "cpu.cfs_period_us": period, "cpu.cfs_quota_us": granted } },
    { root: "/sys/fs/cgroup", files: { "cpu.max": `${granted} ${period}` } },
  ];
  for (const { root, files } of kinds) {
    if (!existsSync(`${root}/cgroup.procs`)) continue;
    const group = `${root}/heddle-shares-${process.pid}`;
    try {
      mkdirSync(group);
      for (const [name, text] of Object.entries(files)) writeFileSync(`${group}/${name}`, text);
      return { processes: `${group}/cgroup.procs`, remove: () => rmdirSync(group) };
    } catch {
      if (existsSync(group)) rmdirSync(group);
    }
  }
  return undefined;
}

/** The measurement in a process of its own, in a control group where one is given. */
async function inProcess(
  threads: number | "default",
  seconds: number,
  processes?: string,
): Promise<Measured> {
  const join = processes ? `echo $$ > ${processes} && ` : "";
  const command = `${join}exec "${process.execPath}" "${program}" --measure ${threads} ${seconds}`;
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`A measurement ended with ${code}.`);
  return JSON.parse(output);
}

async function measureAll(seconds: number): Promise<void> {
  const cores = availableParallelism();
  const results: ShareResult[] = [];
  const note = (situation: string, expectedMs: number | null, measured: Measured): void => {
    results.push({ situation, expectedMs, ...measured });
    console.log(situation, measured);
  };
  const load = loadavg()[0];
  const alone = await inProcess(1, seconds);
  note("one thread", null, alone);
  const together = await inProcess(cores, seconds);
  note("a thread a core", null, together);
  note(`${4 * cores} threads on ${cores} cores`, together.stepMs, await inProcess(4 * cores, seconds));
  const busy = neighbours(cores);
  try {
    const expected = 2 * together.stepMs;
    note("a busy neighbour on every core", expected, await inProcess(cores, seconds));
  } finally {
    await busy.end();
  }
  const group = halfCore();
  if (group)
    try {
      const expected = alone.cpuMs / quota;
      for (const threads of ["default", cores] as const) {
        const words = threads === "default" ? "threads as granted" : `${cores} threads asked for`;
        const measured = await inProcess(threads, 2 * seconds, group.processes);
        note(`half a core, ${words}`, expected, measured);
      }
    } finally {
      group.remove();
    }
  const content: SharesFile = {
    environment: describeMachine(),
    command: `node dist/scripts/processor-shares.js ${seconds}`,
    load,
    batch,
    quota: group ? quota : null,
    results,
  };
  writeResult("processor-shares.json", content);
}

const [first, threads, seconds] = process.argv.slice(2);
if (first === "--measure") {
  const wanted = threads === "default" ? nodePlatform.cores : Number(threads);
  console.log(JSON.stringify(await measure(wanted, Number(seconds))));
} else await measureAll(wholeNumber(first ?? "8", "seconds"));
