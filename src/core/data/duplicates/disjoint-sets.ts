/** Things that are joined to each other, pair by pair (union and find, Galler and Fischer 1964). */
export class DisjointSets {
  readonly #parents: Uint32Array;

  constructor(count: number) {
    this.#parents = Uint32Array.from({ length: count }, (_, index) => index);
  }

  /** The first of those that one is joined to, itself included. */
  find(index: number): number {
    const parents = this.#parents;
    let root = index;
    while (parents[root] !== root) root = parents[root];
    for (let at = index; at !== root; ) {
      const next = parents[at];
      parents[at] = root;
      at = next;
    }
    return root;
  }

  join(first: number, second: number): void {
    const [a, b] = [this.find(first), this.find(second)];
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }

  /** The set of each, numbered from 0 in the order of their first members: [count]. */
  numbered(): Uint32Array {
    const numbers = new Uint32Array(this.#parents.length);
    let sets = 0;
    for (let index = 0; index < numbers.length; index++) {
      const root = this.find(index);
      numbers[index] = root === index ? sets++ : numbers[root];
    }
    return numbers;
  }
}
