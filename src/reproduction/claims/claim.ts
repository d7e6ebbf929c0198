import { modelDefinitions } from "../../core/models/index.js";
import { listed } from "../../core/words.js";
import type { PaperModel } from "../paper/paper.js";
import { isWhole, type Measure, measure, standing } from "../results/measures.js";
import { currentGroup, type ReproductionResults, type TrialGroup } from "../results/results.js";
import { type Difference, differenceOf, type Spread, trialsOf } from "../results/spread.js";
import type { Verdict } from "./rules.js";

/** What became of a claim here: the verdict, the finding with the figures it is from, and the trials those are from. */
export interface JudgedClaim {
  readonly verdict: Verdict;
  readonly finding: string;
  readonly sources: readonly string[];
}

/** A sentence and the trials that its figures are from. */
export interface Statement {
  readonly text: string;
  readonly sources: readonly string[];
}

/** A claim of the paper and the rule that judges it. */
export interface Claim {
  readonly id: string;
  /** In our words. */
  readonly claim: string;
  readonly where: string;
  /** What makes it hold, in words. */
  readonly rule: string;
  judge(results: ReproductionResults): JudgedClaim;
}

/** A claim that no trial here speaks to. */
export const untested = (finding: string, sources: readonly string[] = []): JudgedClaim => ({
  verdict: "can't be tested here",
  finding,
  sources,
});

export const notRun = (what: string): JudgedClaim => ({
  verdict: "not run yet",
  finding: `needs ${what}`,
  sources: [],
});

/** Words for what a group lacks, behind the figures that it has; empty where it is whole. */
export function soFar(groups: readonly TrialGroup[]): string {
  const lacking = [...new Set(groups.filter((group) => !isWhole(group)).map(standing))];
  return lacking.length === 0 ? "" : ` (so far ${listed(lacking)})`;
}

export type ModelSpreads = Readonly<Record<PaperModel, Spread>>;

export const modelTitle = (model: PaperModel): string => modelDefinitions[model].title;

/**
 * Judges a claim about Table 2's trials of some models by one figure; not run yet where a model has no trials, untested
 * where none of its trials has the figure.
 *
 * @param say verdict and finding from each model's spread
 */
export function judgeModels(
  results: ReproductionResults,
  models: readonly PaperModel[],
  of: Measure,
  say: (spreads: ModelSpreads) => { readonly verdict: Verdict; readonly finding: string },
): JudgedClaim {
  const groups = models.map((model) => currentGroup(results, model));
  const spreads = groups.map((group) => measure(group, of));
  const unrun = models.filter((_, index) => groups[index].kept.length === 0);
  if (unrun.length > 0) return notRun(`Table 2's ${listed(unrun.map(modelTitle))}`);
  const lacking = models.filter((_, index) => !spreads[index]);
  if (lacking.length > 0)
    return untested(`no trial of ${listed(lacking.map(modelTitle))} came to a figure${soFar(groups)}`);
  const byModel = Object.fromEntries(models.map((model, index) => [model, spreads[index]]));
  const { verdict, finding } = say(byModel as unknown as ModelSpreads);
  return { verdict, finding: `${finding}${soFar(groups)}`, sources: trialsOf(...spreads) };
}

/** One model's spread less each other's. */
export const against = (
  spreads: ModelSpreads,
  model: PaperModel,
  others: readonly PaperModel[],
): readonly { readonly model: PaperModel; readonly difference: Difference }[] =>
  others.map((other) => ({ model: other, difference: differenceOf(spreads[model], spreads[other]) }));
