import type { DataRequest, RunHost } from "./host.js";
import type { RunConfig } from "./run-config.js";

/** Whether it is the run's own data that is meant: where nothing else is named, or that by another path. */
export const isOwnData = (
  { data: own }: Pick<RunConfig, "data">,
  data: string | undefined,
  { dataPlace }: Pick<RunHost, "dataPlace">,
): boolean => data === undefined || dataPlace(data) === dataPlace(own);

/**
 * How a run's images are loaded again, or another data set to judge it on: that one's pictures are prepared as the run's
 * own were, but what those were found by says nothing of it.
 *
 * @param data the other one
 */
export function dataRequest(
  config: RunConfig,
  data: string | undefined,
  host: Pick<RunHost, "dataPlace">,
): DataRequest {
  const { dataOptions: options, preparation } = config;
  return { ...(isOwnData(config, data, host) && { options }), preparation };
}
