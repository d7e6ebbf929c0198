import { counted, listed, percent, plural } from "#heddle/core/words.js";
import type { AuditFile } from "../audit/file.js";
import { markdownTable, mean, readResult } from "./results.js";

const name = "audit-fashion-mnist.json";
const missing = "_Not measured yet: `node dist/scripts/audit-fashion-mnist.js` writes the figures._";

/** Which changed copies are found: results/audit-fashion-mnist.json. */
export function auditCopiesSection(): string {
  const file = readResult<AuditFile>(name);
  if (!file?.planted) return missing;
  const { rows, strangers } = file.planted;
  return [
    markdownTable(
      ["copy", "put there", "found"],
      rows.map(({ change, planted, found }) => [change, counted(planted), counted(found)]),
    ),
    "",
    `Pairs of a copy and another picture: ${counted(strangers)}. ${sourceOf(file)}`,
  ].join("\n");
}

/** What an audit of Fashion-MNIST finds: results/audit-fashion-mnist.json. */
export function auditSection(): string {
  const file = readResult<AuditFile>(name);
  if (!file?.own || !file.flipped || !file.withoutLeaks) return missing;
  const { own, flipped, withoutLeaks } = file;
  const { leaks } = own;
  const oddWords = Object.entries(own.oddOnes).map(([kind, count]) => `${counted(count)} ${oddNames[kind]}`);
  const [all, without, leaked] = (["all", "without", "leaked"] as const).map((key) =>
    mean(withoutLeaks.map((row) => row[key])),
  );
  return [
    `**Flipped labels.** Of ${counted(flipped.flips)} training labels flipped at random (5 %, each other class as likely, seed ${flipped.seed}), **${percent(flipped.found / flipped.flips, 1)}** are among the first ${counted(flipped.flips)} suggestions for training images; ${percent(flipped.named / flipped.found, 1)} of those name the class from before. There are ${counted(flipped.trainSuggestions)} suggestions for training images in all.`,
    "",
    `**As it is**, ${counted(own.suspected.train)} training and ${counted(own.suspected.test)} test labels are suggested (${own.model}, ${own.epochs} epochs a fold, ${percent(own.accuracy, 1)} of all images named as labelled). The first:`,
    "",
    markdownTable(
      ["part", "image", "label", "rather", "label's probability"],
      own.first
        .slice(0, 10)
        .map(({ part, index, label, suggestion, labelProbability }) => [
          part,
          String(index),
          label,
          suggestion,
          percent(labelProbability, 3),
        ]),
    ),
    "",
    `**Duplicates.** ${plural(own.groups, "picture")} are there more than once, ${counted(own.exactGroups)} of them with the same bytes, ${counted(own.conflictingGroups)} with different labels, at most ${own.largestGroup} times.`,
    "",
    `**Leaks**, which Geier published first (2019, Training on Test Data: Removing Near Duplicates in Fashion-MNIST, [arXiv 1906.08255](https://arxiv.org/abs/1906.08255)): ${counted(leaks.testImages.length)} test images are a training image as well, ${counted(leaks.conflicting)} of their pictures with different labels. The reproduction's Proposed CNN, mean of ${withoutLeaks.length} seeds, names ${percent(all)} of all test images, ${percent(without)} of those without a leak and ${percent(leaked, 1)} of those with one:`,
    "",
    markdownTable(
      ["trial", "all test images", "without leaks", "those that leak"],
      withoutLeaks.map((row) => [row.trial, percent(row.all), percent(row.without), percent(row.leaked, 1)]),
    ),
    "",
    `**Odd ones out.** ${oddWords.length === 0 ? "None." : `${listed(oddWords)}.`}`,
    "",
    sourceOf(file),
  ].join("\n");
}

const oddNames: Readonly<Record<string, string>> = {
  oneColour: "of one colour",
  dark: "almost black",
  bright: "almost white",
  unlike: "like no other",
};

const sourceOf = ({ command }: AuditFile): string => `\`${command}\` → \`results/${name}\`.`;
