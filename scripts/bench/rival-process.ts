// A rival in a process of its own, asked line by line: see bench/rivals/serve.ts and bench/rivals/pytorch.py.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Answer, Hello, Question } from "../../bench/rivals/question.js";

export type Command = readonly [program: string, ...args: string[]];

interface Startable {
  /** The first way that works is taken. */
  readonly commands: readonly Command[];
  /** What to type where none does. */
  readonly install: string;
}

const inBench = (file: string): string => fileURLToPath(new URL(`../../../bench/${file}`, import.meta.url));
const javascript = (name: string): Startable => ({
  commands: [[process.execPath, inBench(`dist/rivals/${name}.js`)]],
  install: "npm ci --prefix bench && npm run build",
});
/** Of the virtual environment of this name below bench/, or of a Python of the system. */
const python = (environment: string, program: string, packages: string): Startable => ({
  commands: [inBench(`${environment}/bin/python`), "/usr/bin/python3", "python3", "python"].map(
    (each) => [each, inBench(`rivals/${program}`)] as const,
  ),
  install: `python3 -m venv bench/${environment} && bench/${environment}/bin/pip install ${packages}`,
});

/** How each rival is started. */
const startables = {
  pytorch: python("venv-pytorch", "pytorch.py", "torch"),
  keras: python("venv-tensorflow", "keras_rival.py", "tensorflow-cpu"),
  onnxruntime: javascript("onnxruntime"),
  tensorflow: javascript("tensorflow"),
  jax: javascript("jax"),
} as const satisfies Record<string, Startable>;

export type RivalName = keyof typeof startables;

export interface Rival {
  /** With its version. */
  readonly name: string;
  /** @throws Error where it can't do the work, or has died. */
  ask(question: Question): Promise<Answer>;
  end(): void;
}

export interface MissingRival {
  /** Why it can't be started. */
  readonly missing: string;
}

export const startRival = (name: RivalName): Promise<Rival | MissingRival> => startFirst(startables[name]);

/** Starts a rival in the first way that works. */
export async function startFirst({ commands, install }: Startable): Promise<Rival | MissingRival> {
  let why: string | undefined;
  for (const command of commands) {
    const rival = await startProcess(command);
    if (!("missing" in rival)) return rival;
    // What the first program that is there says of itself tells more than that another one isn't.
    if (rival.missing !== absent) why ??= rival.missing;
  }
  return { missing: `${why ?? "there is no program to run it"}; to install it: ${install}` };
}

/** Why a program that isn't there can't be started. */
const absent = "there is no such program";

/** What is told in results names no place of the machine. */
const placeless = (words: string): string => words.replaceAll(/\/[^\s'"():,]+\//g, "…/");

/** A program that answers questions as rivals do. */
export async function startProcess([program, ...args]: Command): Promise<Rival | MissingRival> {
  // A processor that OpenBLAS is told to take this one for would hold the rivals back.
  const { OPENBLAS_CORETYPE: _, ...env } = process.env;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const failed = new Promise<MissingRival>((resolve) =>
    child.on("error", ({ message, code }: NodeJS.ErrnoException) =>
      resolve({ missing: code === "ENOENT" ? absent : (code ?? placeless(message)) }),
    ),
  );
  // A rival that has died shows by its silence.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done)
      throw new Error(`it ended without an answer: ${placeless(complaint.trim().split("\n").at(-1) ?? "")}`);
    return JSON.parse(value);
  };
  const hello = await Promise.race([
    failed,
    read().then(
      (line) => line as Hello,
      (error: Error) => ({ missing: error.message }),
    ),
  ]);
  if (hello.missing !== undefined) return { missing: hello.missing };
  return {
    name: `${hello.rival} ${hello.version}`,
    ask: async (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const answer = (await read()) as Answer;
      if (answer.error) throw new Error(answer.error);
      return answer;
    },
    end: () => child.stdin.end(),
  };
}
