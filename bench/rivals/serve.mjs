// What every rival written in JavaScript does: says who it is, then answers a question a line with milliseconds.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

// Libraries say hello on stdout, which belongs to the answers.
console.log = console.error;
console.info = console.error;

const tell = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** From this many milliseconds on a turn is not repeated to warm up. */
const slow = 10_000;

/**
 * @param rival its name
 * @param name the package that gives the version
 * @param prepare imports what is needed and gives question → { work, outputs?, compiles? }: `work` is one turn,
 *   `outputs` the numbers a turn gave, `compiles` that a first turn is no measure however slow it is
 */
export async function serve(rival, name, prepare) {
  let build;
  let version;
  try {
    build = await prepare();
    const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    version = JSON.parse(readFileSync(file, "utf8")).version;
  } catch (error) {
    tell({ missing: `${name} is not installed (npm ci --prefix bench): ${error.code ?? error.message}` });
    return;
  }
  tell({ rival, version });
  const built = new Map();
  for await (const line of createInterface({ input: process.stdin })) {
    const { outputs, ...question } = JSON.parse(line);
    const key = JSON.stringify(question);
    try {
      if (!built.has(key)) built.set(key, await build(question));
      const one = built.get(key);
      if (outputs) tell({ outputs: Array.from(await one.outputs()) });
      else tell({ ms: await measure(one) });
    } catch (error) {
      tell({ error: error.message.split("\n")[0] });
    }
  }
}

async function measure(one) {
  if (!one.turns) {
    const first = await timed(one.work, 1);
    one.firstMs = first;
    if (first >= slow && !one.compiles) {
      one.turns = 1;
      return first;
    }
    if (first < slow) await timed(one.work, first < 1000 ? 5 : 1);
    // As many turns as fill a round of heddle's.
    one.turns = first < 1000 ? Math.max(1, Math.round(60 / (await timed(one.work, 3)))) : 1;
  }
  return timed(one.work, one.turns);
}

async function timed(work, turns) {
  const start = performance.now();
  for (let turn = 0; turn < turns; turn++) await work();
  return (performance.now() - start) / turns;
}
