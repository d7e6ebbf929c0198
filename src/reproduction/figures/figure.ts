import type { ChartData } from "../../report/chart.js";
import type { Html } from "../../report/html.js";

/** A picture of results. */
export interface Figure {
  readonly chart: ChartData;
  /** What it is drawn from, where that is less than the figures beside it are from, or what one must know of it. */
  readonly note?: string;
  /** The trials it is drawn from. */
  readonly sources?: readonly string[];
  /** What stands in the page in the picture's place, where that reads better. */
  readonly inPage?: Html;
}
