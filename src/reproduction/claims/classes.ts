import { listed } from "../../core/words.js";
import { paperAuc, paperModels } from "../paper/paper.js";
import { classMeasure, meanConfusion, measure } from "../results/measures.js";
import { decimal, hundredths } from "../results/numbers.js";
import { currentGroup, type ReproductionResults } from "../results/results.js";
import { type Spread, trialsOf } from "../results/spread.js";
import { type Claim, type JudgedClaim, notRun, soFar, untested } from "./claim.js";
import { comesFirst, podium, ranked, together, type Verdict } from "./rules.js";

type Figure = "recall" | "f1" | "auc";

interface ClassSpread {
  readonly name: string;
  readonly spread: Spread;
}

/** A figure of each class of the Proposed CNN. */
function classSpreads(results: ReproductionResults, figure: Figure): ClassSpread[] {
  const group = currentGroup(results, "proposed");
  const names = group.kept.find(({ test }) => test)?.test?.classes.map(({ name }) => name) ?? [];
  return names.flatMap((name, index) => {
    const spread = measure(group, classMeasure(index, figure));
    return spread ? [{ name, spread }] : [];
  });
}

/** Judges a claim about the classes by one figure of the Proposed CNN. */
function judgeClasses(
  results: ReproductionResults,
  figure: Figure,
  needed: readonly string[],
  say: (classes: readonly ClassSpread[]) => {
    readonly verdict: Verdict;
    readonly finding: string;
    /** Of other models, where their figures count too. */
    readonly others?: readonly Spread[];
  },
): JudgedClaim {
  const classes = classSpreads(results, figure);
  if (classes.length === 0) return notRun("Table 2's Proposed CNN");
  if (!needed.every((name) => classes.some((each) => each.name === name))) {
    return untested(`the data has no ${listed(needed)}`);
  }
  const { verdict, finding, others = [] } = say(classes);
  return {
    verdict,
    finding: `${finding}${soFar([currentGroup(results, "proposed")])}`,
    sources: trialsOf(...classes.map(({ spread }) => spread), ...others),
  };
}

const of = (classes: readonly ClassSpread[], name: string): Spread =>
  classes.find((each) => each.name === name)!.spread;

const named = (classes: readonly ClassSpread[], names: readonly string[], places: number): string =>
  listed(names.map((name) => `${name} ${decimal(of(classes, name).mean, places)}`));

/** What the paper's analysis claims of the classes. */
export const classClaims: readonly Claim[] = [
  {
    id: "best-classes",
    claim: "Trousers and bags are told best, sandals next.",
    where: "Analysis, by Figure 6",
    rule: "By recall, the confusion matrix's diagonal: holds where Trouser and Bag lead and Sandal is third; in part where these are the first three in another order.",
    judge: (results) =>
      judgeClasses(results, "recall", ["Trouser", "Bag", "Sandal"], (classes) => {
        const order = ranked(classes);
        return {
          verdict: podium(order, ["Trouser", "Bag"], "Sandal"),
          finding: `the highest recalls: ${named(classes, order.slice(0, 4), 3)}`,
        };
      }),
  },
  {
    id: "shirt-worst",
    claim: "Shirt is told worst.",
    where: "Analysis, by Figure 6",
    rule: "Holds where its mean F1 is the lowest.",
    judge: (results) =>
      judgeClasses(results, "f1", ["Shirt"], (classes) => {
        const order = ranked(classes).reverse();
        return {
          verdict: comesFirst(order, "Shirt", 1),
          finding: `the lowest F1: ${named(classes, order.slice(0, 2), 3)}`,
        };
      }),
  },
  {
    id: "shirt-pullover",
    claim: "Shirts are hard because they look like pullovers.",
    where: "Analysis, by Figure 6",
    rule: "Holds where Shirts are most often taken for Pullovers; in part where Pullover comes second.",
    judge: (results) =>
      judgeClasses(results, "recall", ["Shirt", "Pullover"], (classes) => {
        const names = classes.map(({ name }) => name);
        const shirt = names.indexOf("Shirt");
        const row = meanConfusion(currentGroup(results, "proposed"))![shirt];
        const all = row.reduce((sum, count) => sum + count, 0);
        const taken = names
          .map((name, index) => ({ name, share: row[index] / all }))
          .filter(({ name }) => name !== "Shirt")
          .sort((a, b) => b.share - a.share);
        const words = taken.slice(0, 3).map(({ name, share }) => `${hundredths(share, 1)} % for ${name}`);
        return {
          verdict: comesFirst(
            taken.map(({ name }) => name),
            "Pullover",
            2,
          ),
          finding: `Shirts are taken ${listed(words)}`,
        };
      }),
  },
  {
    id: "shirt-better",
    claim: "Its Shirts are still better than the other models'.",
    where: "Analysis, by Figure 6",
    rule: "Holds where its mean F1 of Shirt is above each other model's.",
    judge: (results) =>
      judgeClasses(results, "f1", ["Shirt"], (classes) => {
        const shirt = classes.findIndex(({ name }) => name === "Shirt");
        const others = paperModels.flatMap((model) => {
          const spread =
            model === "proposed" ? null : measure(currentGroup(results, model), classMeasure(shirt, "f1"));
          return spread ? [spread] : [];
        });
        if (others.length < paperModels.length - 1)
          return { verdict: "not run yet", finding: "needs all of Table 2" };
        const best = Math.max(...others.map(({ mean }) => mean));
        return {
          verdict: of(classes, "Shirt").mean > best ? "holds" : "doesn't hold",
          finding: `F1 ${decimal(of(classes, "Shirt").mean, 3)}, the others' best ${decimal(best, 3)}`,
          others,
        };
      }),
  },
  {
    id: "shirt-auc",
    claim: `Of the classes' ROC curves only Shirt's is low, with an area of ${paperAuc.shirt}; most are very close to 1.00.`,
    where: "Analysis, by Figure 8",
    rule: "Holds where Shirt's area is the lowest and rounds to 0.98 or more; in part where one of both is so.",
    judge: (results) =>
      judgeClasses(results, "auc", ["Shirt"], (classes) => {
        const order = ranked(classes).reverse();
        const reached = Number(of(classes, "Shirt").mean.toFixed(2)) >= paperAuc.shirt;
        return {
          verdict: together([comesFirst(order, "Shirt", 1), reached ? "holds" : "doesn't hold"]),
          finding: `the smallest areas: ${named(classes, order.slice(0, 2), 4)}`,
        };
      }),
  },
];
