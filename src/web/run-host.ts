import type { Dataset } from "../core/data/dataset.js";
import { HeddleError } from "../core/errors.js";
import { version } from "../core/version.js";
import { listed } from "../core/words.js";
import type { RunHost } from "../run/host.js";
import { browserPlatform } from "./worker/platform.js";

/**
 * A browser's worker as a place for runs, for `heddle/run`: they are trained, verified and compared there as in Node.
 *
 * @param datasets the data sets that runs are trained on, by the names that the runs know them by
 * @example
 * const host = browserRunHost({ bars: dataset });
 * await trainRun({ model: "proposed", data: "bars", epochs: 2 }, { run: memoryStore() }, host);
 */
export function browserRunHost(datasets: Readonly<Record<string, Dataset>> = {}): RunHost {
  const known = new Map(Object.entries(datasets));
  return {
    platform: browserPlatform,
    loadData: async (name) => {
      const dataset = known.get(name);
      if (dataset) return dataset;
      const names = listed([...known.keys()].map((each) => JSON.stringify(each)));
      throw new HeddleError(
        `There is no data set ${JSON.stringify(name)} here, but ${names || "none at all"}. Give the images as dataset, or browserRunHost a data set of that name.`,
      );
    },
    dataPlace: (name) => name,
    describeEnvironment: () => ({
      heddle: version,
      platform: globalThis.navigator?.userAgent,
      processors: browserPlatform.cores,
    }),
  };
}
