/** What other libraries call an option, written as `fold` writes it. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  alpha: ["rho"],
  batch: ["batchSize"],
  bce: ["binaryCrossEntropy"],
  categoricalcrossentropy: ["crossEntropy"],
  decay: ["weightDecay"],
  dropout: ["rate"],
  dropoutrate: ["rate"],
  eps: ["epsilon"],
  hiddensize: ["units"],
  horizontalflip: ["flip"],
  initiallearningrate: ["learningRate"],
  kernel: ["kernelSize"],
  l2: ["weightDecay"],
  lr: ["learningRate"],
  maxlr: ["maxLearningRate", "learningRate"],
  minlr: ["minLearningRate"],
  nepochs: ["epochs"],
  numepochs: ["epochs"],
  numthreads: ["threads"],
  outchannels: ["filters"],
  outfeatures: ["units"],
  p: ["rate"],
  pool: ["poolSize"],
  randomseed: ["seed"],
  randomstate: ["seed"],
  rotation: ["rotate"],
  sparsecategoricalcrossentropy: ["crossEntropy"],
  translate: ["shift"],
  validationsplit: ["validationShare"],
  warmupepochs: ["warmup"],
  wd: ["weightDecay"],
  workers: ["threads"],
};

/** Beyond it no name is compared: what long text means is nobody's slip of a finger. */
const longestName = 40;

/**
 * The one of `known` that `name` was most likely meant to be: the same in another case (`batch_size`), another
 * library's word for it (`lr`), or a slip of one letter in three.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > longestName) return undefined;
  const folded = fold(name);
  if (folded === "") return undefined;
  const same = known.find((candidate) => fold(candidate) === folded);
  if (same !== undefined) return same;
  const meant = Object.hasOwn(otherNames, folded) ? otherNames[folded] : [];
  const translated = meant.find((candidate) => known.includes(candidate));
  if (translated !== undefined) return translated;
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(folded.length / 3));
  for (const candidate of known) {
    const distance = editDistance(folded, fold(candidate));
    if (distance < least || (distance === least && nearest === undefined)) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/** Whether two names differ in their letters' case and what stands between words alone. */
export const isSameName = (one: string, other: string): boolean => fold(one) === fold(other);

/** `batch_size`, `batch-size` and `BatchSize` are one name. */
function fold(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

/**
 * Letters to insert, leave out, change or swap with their neighbour until one text is the other (the optimal
 * string alignment distance).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = last[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(changed, last[column] + 1, current[column - 1] + 1);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, beforeLast[column - 2] + 1);
      }
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}
