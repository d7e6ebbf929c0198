import { tinyData } from "../../core/training/testing/tiny-model.js";
import { nodePlatform } from "../../node/platform.js";
import type { RunHost } from "../host.js";
import type { Store } from "../store.js";

/** A place to run in that knows one data set, by the name of "tiny". */
export const tinyHost: RunHost = {
  platform: nodePlatform,
  loadData: async (name) => {
    if (name === "tiny") return tinyData;
    throw new Error(`Nobody should ask for ${name}.`);
  },
  dataPlace: (name) => name,
  describeEnvironment: () => ({ heddle: "test" }),
};

/** A file of a store as JSON. */
export async function readJson(store: Store, file: string): Promise<Record<string, unknown>> {
  const bytes = await store.read(file);
  return JSON.parse(new TextDecoder().decode(bytes));
}

export async function writeJson(store: Store, file: string, value: object): Promise<void> {
  await store.write(file, new TextEncoder().encode(JSON.stringify(value)));
}

/** What a run came to, but for how long it took: each file's content in text. */
export async function kept(store: Store): Promise<Record<string, string>> {
  const files = ["best.safetensors", "last.safetensors", "evaluation.json", "history.jsonl"];
  const entries = files.map(async (file) => {
    const text = Buffer.from((await store.read(file)) ?? []).toString("latin1");
    return [file, text.replaceAll(/"seconds":[\d.e-]+/g, "")] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
