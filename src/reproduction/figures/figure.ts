import type { ChartData } from "../../report/chart.js";
import type { Html } from "../../report/html.js";
import type { Statement } from "../claims/claim.js";

/** A figure of the paper, as it looks here. */
export interface PaperFigure {
  /** The paper's number. */
  readonly number: number;
  readonly title: string;
  /** Where the paper speaks of it. */
  readonly where: string;
  /** What the paper's text says that its own shows, in our words. */
  readonly paper: string;
  /** What ours shows, from the figures; what is missing where it can't be drawn. */
  readonly here: readonly Statement[];
  /** Which trials it is drawn from, where it is drawn from any: they may be fewer than those behind the figures. */
  readonly drawn?: Statement;
  /** File name without its ending → picture; none where the trials are missing. */
  readonly charts: readonly { readonly name: string; readonly chart: ChartData }[];
  /** What stands in the page in the charts' place, where that reads better than a picture. */
  readonly inPage?: Html;
}
