import type { RunConfig } from "./run-config.js";
import { RunError } from "./run-error.js";
import type { Store } from "./store.js";

/** What to say where a run's images are nowhere to be found. */
export function imagesNeeded({ where: run }: Pick<Store, "where">, { data }: RunConfig): RunError {
  return new RunError(
    `${run} was trained on images that a program handed over, called ${JSON.stringify(data)}: they are needed again, as its dataset.`,
    { code: "imagesNeeded", run },
  );
}
