import { resolve } from "node:path";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import type { Platform } from "../core/platform.js";
import type { RunHost } from "../run/host.js";
import { type LoadOptions, loadDataset } from "./data/load.js";
import { describeEnvironment } from "./environment.js";
import { nodePlatform } from "./platform.js";

export interface RunHostOptions {
  /** How a data set is found and who is told of it. */
  readonly loading?: LoadOptions;
  readonly platform?: Platform;
}

/** What runs need of Node. */
export function nodeRunHost({ loading, platform = nodePlatform }: RunHostOptions = {}): RunHost {
  return {
    platform,
    loadData: async (name, signal) =>
      (await loadDataset(name, { signal: signal as AbortSignal | undefined, ...loading })).dataset,
    dataPlace: (name) => (name === fashionMnist ? name : resolve(name)),
    describeEnvironment,
  };
}
