// A rival in a process of its own, asked line by line: see bench/rivals/serve.ts and bench/rivals/pytorch.py.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Answer, Hello, Question } from "../../bench/rivals/question.js";

const inBench = (file: string): string => fileURLToPath(new URL(`../../../bench/${file}`, import.meta.url));
const javascript = (name: string): readonly Command[] => [
  [process.execPath, inBench(`dist/rivals/${name}.js`)],
];
/** The virtual environment of this name below bench/, or a Python of the system. */
const python = (environment: string, program: string): readonly Command[] =>
  [inBench(`${environment}/bin/python`), "/usr/bin/python3", "python3", "python"].map(
    (each) => [each, inBench(`rivals/${program}`)] as const,
  );

export type Command = readonly [program: string, ...args: string[]];

/** How each rival is started; the first way that works is taken. */
const commands = {
  pytorch: python("venv-pytorch", "pytorch.py"),
  keras: python("venv-tensorflow", "keras_rival.py"),
  onnxruntime: javascript("onnxruntime"),
  tensorflow: javascript("tensorflow"),
  jax: javascript("jax"),
} as const satisfies Record<string, readonly Command[]>;

export type RivalName = keyof typeof commands;

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

export async function startRival(name: RivalName): Promise<Rival | MissingRival> {
  let first: MissingRival | undefined;
  for (const command of commands[name]) {
    const rival = await startProcess(command);
    if (!("missing" in rival)) return rival;
    first ??= rival;
  }
  return first!;
}

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
    child.on("error", (error) => resolve({ missing: error.message })),
  );
  // A rival that has died shows by its silence.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`it ended without an answer: ${complaint.trim().split("\n").at(-1)}`);
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
