// A worker of one's own, as docs/web.md has it: trains a run, verifies it, and verifies the receipt that it is sent.
import { memoryStore, trainRun, type Verification, verifyReceipt, verifyRun } from "../../run/index.js";
import { browserRunHost } from "../index.js";
import { runDataset, runSettings } from "./run-case.js";

/** What it is asked. */
export interface RunRequest {
  readonly threads: number;
  /** Of Node. */
  readonly receipt: string;
}

/** What it says. */
export interface RunAnswer {
  readonly receipt: string;
  readonly own: Verification;
  readonly ofReceipt: Verification;
  readonly elsewhere: Verification;
  readonly unknown: string;
}

const worker = globalThis as unknown as {
  addEventListener(type: "message", listener: (event: { data: RunRequest }) => void): void;
  postMessage(answer: RunAnswer | string): void;
};

async function answer({ threads, receipt }: RunRequest): Promise<RunAnswer> {
  const dataset = runDataset();
  const host = browserRunHost({ bars: dataset });
  const run = memoryStore("a run of the page");
  await trainRun({ ...runSettings(), data: "bars", threads }, { run }, host);
  const own = new TextDecoder().decode(await run.read("receipt.json"));
  const named = { text: receipt, name: "Node's receipt" };
  return {
    receipt: own,
    own: await verifyRun(run, { threads }, host),
    ofReceipt: await verifyReceipt(named, { threads, dataset }, host),
    elsewhere: await verifyReceipt(named, { threads: 1, data: "bars", epochs: 1 }, host),
    unknown: await verifyReceipt(named, { data: "others" }, host).then(String, String),
  };
}

worker.addEventListener("message", ({ data }) => {
  answer(data).then(
    (said) => worker.postMessage(said),
    (error) => worker.postMessage(String(error)),
  );
});
