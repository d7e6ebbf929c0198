import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import type { CreateNetwork } from "../core/engine/network.js";
import { resolveOptions } from "../core/options/index.js";
import type { Platform } from "../core/platform.js";
import type { RunHost, StopSignal } from "../run/host.js";
import { diskFeatureCache } from "./data/feature-cache.js";
import { type LoadOptions, loadDataset } from "./data/load.js";
import { dataSetOptions } from "./data/load-options.js";
import { describeEnvironment } from "./environment.js";
import { nodePlatform } from "./platform.js";

/** Node's part of a run's options. */
export interface RunHostOptions {
  /** How a data set is found and who is told of it. */
  readonly loading?: LoadOptions | undefined;
  /** Where it runs (default `nodePlatform`). */
  readonly platform?: Platform | undefined;
  /** Makes the model ready to run (default: on the engine's threads). */
  readonly createNetwork?: CreateNetwork | undefined;
}

/** What runs need of Node. */
export function nodeRunHost({
  loading,
  platform = nodePlatform,
  createNetwork,
}: RunHostOptions = {}): RunHost {
  const tell = (message: string): void => loading?.onProgress?.({ type: "notice", message });
  return {
    platform,
    createNetwork,
    loadData: async (name, { options, preparation, allTest, signal } = {}) => {
      // They may be a stranger's: what else a loader takes says where it downloads from and writes to.
      resolveOptions("dataOptions", options ?? {}, dataSetOptions);
      const asked = { ...options, ...(allTest && { testShare: 1 }) };
      const request = { ...asked, preparation, signal: abortSignal(signal), ...loading };
      return (await loadDataset(name, request)).dataset;
    },
    features: (name) => diskFeatureCache(name, { onUnwritten: tell }),
    dataPlace: (name) => (name === fashionMnist ? name : resolve(name)),
    sha256: () => {
      const hash = createHash("sha256");
      return { update: (bytes) => hash.update(bytes), digest: () => hash.digest("hex") };
    },
    describeEnvironment,
  };
}

/** Whatever stops a run, as what stops a download. */
function abortSignal(signal: StopSignal | undefined): AbortSignal | undefined {
  if (!signal || signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return controller.signal;
}
