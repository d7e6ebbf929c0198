// How much longer recipes train under Node 20, whose vectors have 128 bits, than under Node 24. On an idle machine:
//   npm run build && node dist/scripts/recipe-times.js [NAME …] [--cifar DIR]
// An epoch of some of the training images under one Node right after the other, each in a process of its own, in four
// rounds, every second one in the opposite order. This Node is to be Node 20; the other one is where
// `npm ci --prefix scripts/newer-nodes` puts it. Writes results/recipes/times.json after each recipe; those that aren't
// named are kept as they are there. --cifar: a folder of CIFAR-10's pictures. Takes some forty minutes, most of them for
// `cifar`.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chosen } from "./arguments.js";
import { newerNode } from "./bench/contestants.js";
import { describeMachine, refuseOtherMachines } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { readResult } from "./docs/results.js";
import { measuredRecipes } from "./recipes/measured.js";
import {
  type EpochTimes,
  slowdownOf,
  type TimedRound,
  type TimesFile,
  timedImages,
} from "./recipes/times.js";

const rounds = 4;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { cifar: { type: "string" } } });
const names = chosen(positionals, measuredRecipes).filter((name) => name !== "cifar" || values.cifar);
const programs = { node20: process.execPath, node24: newerNode };
const version = (program: string): string =>
  execFileSync(program, ["-p", "process.versions.node"], { encoding: "utf8" }).trim();
if (!existsSync(newerNode)) throw new Error(`${newerNode} isn't there: npm ci --prefix scripts/newer-nodes.`);
const nodes = { node20: version(programs.node20), node24: version(programs.node24) };
if (!nodes.node20.startsWith("20.")) throw new Error(`This is Node ${nodes.node20}; run it with Node 20.`);

const child = fileURLToPath(new URL("recipes/time-epoch.js", import.meta.url));
const file = join("recipes", "times.json");
const environment = describeMachine();
const before = readResult<TimesFile>(file);
if (before) refuseOtherMachines(file, before.environment, environment);
let recipes = before?.recipes ?? {};

function timed(program: string, name: string): EpochTimes {
  const data = name === "cifar" && values.cifar ? [values.cifar] : [];
  return JSON.parse(execFileSync(program, [child, name, ...data], { encoding: "utf8" })) as EpochTimes;
}

for (const name of names) {
  const own: TimedRound[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (["node20", "node24"] as const) : (["node24", "node20"] as const);
    const times = Object.fromEntries(order.map((node) => [node, timed(programs[node], name)]));
    own.push(times as TimedRound);
  }
  recipes = { ...recipes, [name]: own };
  const content: TimesFile = {
    command: "node dist/scripts/recipe-times.js --cifar DIR",
    environment,
    nodes,
    images: timedImages,
    recipes,
  };
  const { own: slower, teacher } = slowdownOf(own);
  const taught = teacher === undefined ? "" : `, its teacher ${teacher.toFixed(2)} times`;
  console.log(`${name}: ${slower.toFixed(2)} times as long${taught}; kept in ${writeResult(file, content)}.`);
}
