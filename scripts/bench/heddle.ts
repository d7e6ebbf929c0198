// heddle in a process of its own, asked line by line as its rivals are: so that it can be measured under several Node
// versions at once, and its memory told. See bench/rivals/serve.ts.
import { createInterface } from "node:readline";
import { time, type Workload, warmUp } from "#heddle/bench/measure.js";
import { createNetworkWorkload } from "#heddle/bench/network-rows.js";
import { networkRowNamed } from "#heddle/bench/rows.js";
import { describeEnvironment } from "#heddle/node/environment.js";
import { widenVectors } from "#heddle/node/vector-width.js";
import type { Answer, Hello, Question } from "../../bench/rivals/question.js";
import { peakBytes } from "../peak-memory.js";

const tell = (value: Hello | Answer): void => console.log(JSON.stringify(value));

if (process.argv.includes("--wide")) {
  const { bits, why } = widenVectors();
  if (bits !== 256) throw new Error(`No row of 256 bits can be measured: ${why}.`);
}
tell({ rival: "heddle", version: describeEnvironment().heddle });
let current: { readonly key: string; readonly workload: Workload; readonly turns: number } | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const { fresh: _, ...question } = JSON.parse(line) as Question;
  const { kind, model, batch, threads } = question;
  const key = JSON.stringify(question);
  try {
    if (current?.key !== key) {
      await current?.workload.close();
      current = undefined;
      const workload = await createNetworkWorkload(networkRowNamed(`${kind}/${model}/${batch}`), threads);
      current = { key, workload, turns: await warmUp(workload) };
    }
    tell({ ms: await time(current.workload, current.turns), peakBytes: peakBytes() });
  } catch (error) {
    tell({ error: (error as Error).message.split("\n")[0] });
  }
}
await current?.workload.close();
