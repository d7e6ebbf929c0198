// What every rival written in JavaScript does: says who it is, then answers a question a line with milliseconds.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Answer, Hello, Question } from "./question.js";

// Libraries say hello on stdout, which belongs to the answers.
console.log = console.error;
console.info = console.error;

const tell = (value: Hello | Answer): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** From this many milliseconds on a turn is not repeated to warm up. */
const slow = 10_000;

/** Work made ready. */
export interface Work {
  /** One turn. */
  work(): Promise<unknown>;
  /** The numbers that a turn gives. */
  outputs?(): Promise<ArrayLike<number>>;
  /** A first turn is no measure, however slow it is. */
  readonly compiles?: boolean;
}

/**
 * @param rival its name
 * @param name the package that gives the version
 * @param prepare imports what is needed and gives what makes work ready
 */
export async function serve(
  rival: string,
  name: string,
  prepare: () => Promise<(question: Question) => Promise<Work>>,
): Promise<void> {
  let build: (question: Question) => Promise<Work>;
  let version: string;
  try {
    build = await prepare();
    const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    version = (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    tell({ missing: `${name} is not installed: ${code ?? message}` });
    return;
  }
  tell({ rival, version });
  const built = new Map<string, { readonly work: Work; readonly time: () => Promise<number> }>();
  for await (const line of createInterface({ input: process.stdin })) {
    const { outputs, fresh, ...question } = JSON.parse(line) as Question;
    if (fresh) built.clear();
    const key = JSON.stringify(question);
    try {
      let one = built.get(key);
      if (!one) {
        const work = await build(question);
        one = { work, time: stopwatch(work) };
        built.set(key, one);
      }
      if (outputs) tell({ outputs: Array.from((await one.work.outputs?.()) ?? []) });
      else tell({ ms: await one.time(), peakBytes: peakBytes() });
    } catch (error) {
      tell({ error: (error as Error).message.split("\n")[0] });
    }
  }
}

/** The most memory that this process has held: of the kernel's counters the one that exec sets back. */
function peakBytes(): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Milliseconds a turn, as many turns a call as fill a round of heddle's. */
function stopwatch(one: Work): () => Promise<number> {
  let turns: number | undefined;
  return async () => {
    if (turns === undefined) {
      const first = await timed(one, 1);
      if (first >= slow && !one.compiles) {
        turns = 1;
        return first;
      }
      if (first < slow) await timed(one, first < 1000 ? 5 : 1);
      turns = first < 1000 ? Math.max(1, Math.round(60 / (await timed(one, 3)))) : 1;
    }
    return timed(one, turns);
  };
}

async function timed({ work }: Work, turns: number): Promise<number> {
  const start = performance.now();
  for (let turn = 0; turn < turns; turn++) await work();
  return (performance.now() - start) / turns;
}
