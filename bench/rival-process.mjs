// A rival in a process of its own, asked line by line: see rivals/serve.mjs and rivals/pytorch.py.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const folder = (file) => fileURLToPath(new URL(`./rivals/${file}`, import.meta.url));
const javascript = (file) => [[process.execPath, folder(file)]];

/** How each rival is started; the first way that works is taken. */
const commands = {
  pytorch: ["/usr/bin/python3", "python3", "python"].map((python) => [python, folder("pytorch.py")]),
  onnxruntime: javascript("onnxruntime.mjs"),
  tensorflow: javascript("tensorflow.mjs"),
  jax: javascript("jax.mjs"),
};

/** @returns the rival, or { missing: why } where it isn't installed */
export async function startRival(name) {
  let missing;
  for (const command of commands[name]) {
    const rival = await start(command);
    if (!rival.missing) return rival;
    missing ??= rival.missing;
  }
  return { missing };
}

async function start([program, ...args]) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaint = (complaint + text).slice(-2000);
  });
  const failed = new Promise((resolve) => child.on("error", (error) => resolve({ missing: error.message })));
  // A rival that has died shows by its silence.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`it ended without an answer: ${complaint.trim().split("\n").at(-1)}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  const hello = await Promise.race([failed, read().catch((error) => ({ missing: error.message }))]);
  if (hello.missing) return hello;
  return {
    name: `${hello.rival} ${hello.version}`,
    ask: async (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return read();
    },
    end: () => child.stdin.end(),
  };
}
