/** How halving shares out epochs. */
export interface Rounds {
  /** Epochs of the first round. */
  readonly from: number;
  /** How many times the epochs of a round the next one has, and how many times fewer configurations. */
  readonly factor: number;
  /** Epochs of the last round. */
  readonly most: number;
}

/** The epoch after which each round ends: 1, 3, 9, 20 */
export function rounds({ from, factor, most }: Rounds): readonly number[] {
  const found: number[] = [];
  for (let until = from; until < most; until *= factor) found.push(until);
  return [...found, most];
}

/** How many configurations of a round go on to the next. */
export const survivors = (count: number, factor: number): number => Math.max(1, Math.floor(count / factor));

/** Epochs that halving takes with so many configurations. */
export function epochsOfHalving(count: number, { from, factor, most }: Rounds): number {
  let running = count;
  let before = 0;
  let sum = 0;
  for (const until of rounds({ from, factor, most })) {
    sum += running * (until - before);
    before = until;
    running = survivors(running, factor);
  }
  return sum;
}

/** The most configurations, up to a limit, that halving takes no more epochs with: none where they don't suffice for one. */
export function withinEpochs(epochs: number, how: Rounds, limit: number): number {
  let count = 0;
  while (count < limit && epochsOfHalving(count + 1, how) <= epochs) count++;
  return count;
}
