import type { Dataset } from "../core/data/dataset.js";
import { HeddleError } from "../core/errors.js";
import { RunError } from "./run-error.js";

/** What a host throws where no data set is to be found under a name. */
export class NoDataError extends HeddleError {
  override readonly name: string = "NoDataError";

  /**
   * @param what is there instead, a whole sentence
   * @param expected what could have been given, another one
   */
  constructor(
    readonly what: string,
    expected: string,
    options?: ErrorOptions,
  ) {
    super(`${what} ${expected}`, options);
  }
}

/**
 * A run's own images, while they are loaded from where they were.
 *
 * @param run where it is kept
 * @throws RunError where they are there no more: who asks for a run has named no data
 */
export async function stillThere(run: string, loading: Promise<Dataset>): Promise<Dataset> {
  try {
    return await loading;
  } catch (cause) {
    if (!(cause instanceof NoDataError)) throw cause;
    throw new RunError(
      `The images that ${run} was trained on are not where they were: ${cause.what} Put them back, or say where they are now.`,
      { code: "imagesMoved", run, cause },
    );
  }
}
