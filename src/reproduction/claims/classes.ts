import { listed } from "../../core/words.js";
import { paperAuc, paperModels } from "../paper/paper.js";
import { meanConfusion, modelGroup, modelGroups, type TrialGroup } from "../results/groups.js";
import { classMeasure, measure, written } from "../results/measures.js";
import { hundredths } from "../results/numbers.js";
import { type Claim, type Judgement, untested } from "./claim.js";
import { comesFirst, podium, together } from "./rules.js";

const noFigure = "no trial of the Proposed CNN came to a figure";

type Figure = "recall" | "f1" | "auc";

const classNames = ({ kept }: TrialGroup): readonly string[] =>
  kept.find(({ test }) => test)?.test?.classes.map(({ name }) => name) ?? [];

/** A network's mean figures by class, the highest first. */
const classMeans = (group: TrialGroup, figure: Figure): readonly (readonly [name: string, mean: number])[] =>
  classNames(group)
    .flatMap((name, index) => {
      const spread = measure(group, classMeasure(index, figure));
      return spread ? [[name, spread.mean] as const] : [];
    })
    .sort(([, a], [, b]) => b - a);

type ClassMeans = ReturnType<typeof classMeans>;

const namesOf = (classes: ClassMeans): string[] => classes.map(([name]) => name);

/** "Shirt 0.776 and Coat 0.880" */
const meansInWords = (classes: ClassMeans, figure: Figure): string =>
  listed(classes.map(([name, mean]) => `${name} ${written(classMeasure(0, figure), mean)}`));

/** Judges a claim by a figure of the Proposed CNN's classes, on data that has those that it speaks of. */
function byClass(
  figure: Figure,
  needed: readonly string[],
  judge: (classes: ClassMeans, proposed: TrialGroup) => Judgement,
): Pick<Claim, "groups" | "judge"> {
  return {
    groups: (results) => [modelGroup(results, "proposed")],
    judge(_, [proposed]) {
      const names = classNames(proposed);
      if (names.length === 0) return untested(noFigure);
      if (!needed.every((name) => names.includes(name))) return untested(`the data has no ${listed(needed)}`);
      return judge(classMeans(proposed, figure), proposed);
    },
  };
}

/** What the paper's analysis claims of the classes. */
export const classClaims: readonly Claim[] = [
  {
    id: "best-classes",
    claim: "Trousers and bags are told best, sandals next.",
    where: "Analysis, by Figure 6",
    rule: "By recall, the confusion matrix's diagonal: holds where Trouser and Bag lead and Sandal is third; in part where these are the first three in another order.",
    ...byClass("recall", ["Trouser", "Bag", "Sandal"], (classes) => ({
      verdict: podium(namesOf(classes), ["Trouser", "Bag"], "Sandal"),
      finding: `the highest recalls: ${meansInWords(classes.slice(0, 4), "recall")}`,
    })),
  },
  {
    id: "shirt-worst",
    claim: "Shirt is told worst.",
    where: "Analysis, by Figure 6",
    rule: "Holds where its mean F1 is the lowest.",
    ...byClass("f1", ["Shirt"], (classes) => ({
      verdict: comesFirst(namesOf(classes.toReversed()), "Shirt", 1),
      finding: `the lowest F1: ${meansInWords(classes.slice(-2).reverse(), "f1")}`,
    })),
  },
  {
    id: "shirt-pullover",
    claim: "Shirts are hard because they look like pullovers.",
    where: "Analysis, by Figure 6",
    rule: "Holds where Shirts are most often taken for Pullovers; in part where Pullover comes second.",
    ...byClass("recall", ["Shirt", "Pullover"], (_, proposed) => {
      const names = classNames(proposed);
      const row = meanConfusion(proposed)![names.indexOf("Shirt")];
      const all = row.reduce((sum, count) => sum + count, 0);
      const taken = names
        .map((name, index) => ({ name, share: row[index] / all }))
        .filter(({ name }) => name !== "Shirt")
        .sort((a, b) => b.share - a.share);
      const words = taken.slice(0, 3).map(({ name, share }) => `${hundredths(share, 1)} % for ${name}`);
      const order = taken.map(({ name }) => name);
      return { verdict: comesFirst(order, "Pullover", 2), finding: `Shirts are taken ${listed(words)}` };
    }),
  },
  {
    id: "shirt-better",
    claim: "Its Shirts are still better than the other models'.",
    where: "Analysis, by Figure 6",
    rule: "Holds where its mean F1 of Shirt is above each other model's.",
    groups: (results) =>
      modelGroups(results, ["proposed", ...paperModels.filter((model) => model !== "proposed")]),
    judge(_, groups) {
      const names = classNames(groups[0]);
      if (names.length === 0) return untested(noFigure);
      const shirt = names.indexOf("Shirt");
      if (shirt === -1) return untested("the data has no Shirt");
      const f1 = classMeasure(shirt, "f1");
      const [own, ...others] = groups.map((group) => measure(group, f1)?.mean);
      if (own === undefined || others.includes(undefined))
        return untested("not every model came to a figure");
      const best = Math.max(...others.map(Number));
      return {
        verdict: own > best ? "holds" : "doesn't hold",
        finding: `F1 ${written(f1, own)}, the others' best ${written(f1, best)}`,
      };
    },
  },
  {
    id: "shirt-auc",
    claim: `Of the classes' ROC curves only Shirt's is low, with an area of ${paperAuc.shirt}; most are very close to 1.00.`,
    where: "Analysis, by Figure 8",
    rule: "Holds where Shirt's area is the lowest and rounds to 0.98 or more; in part where one of both is so.",
    ...byClass("auc", ["Shirt"], (classes) => {
      const shirt = new Map(classes).get("Shirt") ?? 0;
      const reached = Number(shirt.toFixed(2)) >= paperAuc.shirt;
      const first = comesFirst(namesOf(classes.toReversed()), "Shirt", 1);
      return {
        verdict: together([first, reached ? "holds" : "doesn't hold"]),
        finding: `the smallest areas: ${meansInWords(classes.slice(-2).reverse(), "auc")}`,
      };
    }),
  },
];
