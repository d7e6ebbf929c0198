import type { DataRequest, RunHost } from "./host.js";
import type { RunConfig } from "./run-config.js";

/**
 * How a run's images are loaded again, or another data set to judge it on: that one's pictures are prepared as the run's
 * own were, but what those were found by says nothing of it.
 *
 * @param data the other one
 */
export function dataRequest(
  { data: own, dataOptions: options, preparation }: RunConfig,
  data: string | undefined,
  { dataPlace }: Pick<RunHost, "dataPlace">,
): DataRequest {
  const isOwn = data === undefined || dataPlace(data) === dataPlace(own);
  return { ...(isOwn && { options }), preparation };
}
