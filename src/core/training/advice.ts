import type { Labels } from "../data/dataset.js";
import { percent } from "../words.js";

/** What to say, and to try, when a loss is no longer a number. */
export function divergenceMessage(epoch: number, step: number, learningRate: number): string {
  return (
    `The loss is not finite at epoch ${epoch}, step ${step}: training diverged at a learning rate of ` +
    `${significant(learningRate)}. ${remedy(learningRate)}`
  );
}

/** What to say, and to try, when the first epoch leaves a model no better than guessing. */
export function atChanceMessage(accuracy: number, chance: number, learningRate: number): string {
  return (
    `After its first epoch the model is at chance: validation accuracy ${percent(accuracy, 1)}, guessing gives ` +
    `${percent(chance, 1)}. The learning rate is ${significant(learningRate)}. ${remedy(learningRate)}`
  );
}

/** Where every adaptive optimizer here trains the paper's models. */
const safeLearningRate = 0.001;

function remedy(learningRate: number): string {
  // What is little smaller would change little.
  if (learningRate >= 2 * safeLearningRate) {
    return `Try a smaller one, such as ${significant(Math.max(learningRate / 10, safeLearningRate))}, or a warm-up of an epoch.`;
  }
  return "Try another learning rate, a warm-up of an epoch, more images or more epochs.";
}

/**
 * The highest accuracy that guessing the commonest class could still reach by luck on these labels: its share
 * plus three standard deviations of a binomial share.
 */
export function chanceCeiling(labels: Labels, indices: Uint32Array): { chance: number; ceiling: number } {
  const counts = new Map<number, number>();
  for (const index of indices) counts.set(labels[index], (counts.get(labels[index]) ?? 0) + 1);
  let commonest = 0;
  for (const count of counts.values()) commonest = Math.max(commonest, count);
  const chance = commonest / indices.length;
  return { chance, ceiling: chance + 3 * Math.sqrt((chance * (1 - chance)) / indices.length) };
}

/**
 * Whether there are labels enough to tell guessing from learning: by luck it gains ten points of accuracy at most, and
 * not all that there are.
 */
export const isTelling = ({
  chance,
  ceiling,
}: {
  readonly chance: number;
  readonly ceiling: number;
}): boolean => ceiling - chance <= 0.1 && ceiling < 1;

function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}
