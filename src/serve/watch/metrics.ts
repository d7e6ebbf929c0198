/** Values of a figure's labels, in the order of their names. */
type Labels = readonly string[];

/** A figure that Prometheus reads, with a line for each of its labels' values. */
interface Figure {
  lines(): Iterable<string>;
}

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');

function labelText(names: readonly string[], values: Labels, more = ""): string {
  const pairs = names.map((name, index) => `${name}="${escaped(values[index])}"`);
  if (more !== "") pairs.push(more);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** What only grows. */
export class Counter implements Figure {
  readonly #values = new Map<string, { readonly labels: Labels; value: number }>();

  constructor(
    readonly name: string,
    readonly meaning: string,
    readonly labels: readonly string[] = [],
  ) {}

  add(labels: Labels = [], by = 1): void {
    const key = labels.join("\0");
    const known = this.#values.get(key);
    if (known) known.value += by;
    else this.#values.set(key, { labels, value: by });
  }

  *lines(): Iterable<string> {
    yield* head(this, "counter");
    for (const { labels, value } of this.#values.values())
      yield `${this.name}${labelText(this.labels, labels)} ${value}`;
  }
}

/** What goes up and down: read when it is asked for. */
export class Gauge implements Figure {
  constructor(
    readonly name: string,
    readonly meaning: string,
    readonly labels: readonly string[],
    private readonly read: () => Iterable<readonly [labels: Labels, value: number]>,
  ) {}

  *lines(): Iterable<string> {
    yield* head(this, "gauge");
    for (const [labels, value] of this.read()) yield `${this.name}${labelText(this.labels, labels)} ${value}`;
  }
}

/** How often a value was at most each of some bounds. */
export class Histogram implements Figure {
  readonly #values = new Map<string, { readonly labels: Labels; readonly counts: number[]; sum: number }>();

  /** @param bounds ascending; infinity follows them */
  constructor(
    readonly name: string,
    readonly meaning: string,
    readonly labels: readonly string[],
    readonly bounds: readonly number[],
  ) {}

  observe(labels: Labels, value: number): void {
    const key = labels.join("\0");
    let known = this.#values.get(key);
    if (!known) {
      known = { labels, counts: new Array<number>(this.bounds.length + 1).fill(0), sum: 0 };
      this.#values.set(key, known);
    }
    const at = this.bounds.findIndex((bound) => value <= bound);
    known.counts[at === -1 ? this.bounds.length : at]++;
    known.sum += value;
  }

  *lines(): Iterable<string> {
    yield* head(this, "histogram");
    for (const { labels, counts, sum } of this.#values.values()) {
      let total = 0;
      for (const [index, count] of counts.entries()) {
        total += count;
        const bound = this.bounds[index] ?? "+Inf";
        yield `${this.name}_bucket${labelText(this.labels, labels, `le="${bound}"`)} ${total}`;
      }
      yield `${this.name}_sum${labelText(this.labels, labels)} ${sum}`;
      yield `${this.name}_count${labelText(this.labels, labels)} ${total}`;
    }
  }
}

function* head({ name, meaning }: { name: string; meaning: string }, type: string): Iterable<string> {
  yield `# HELP ${name} ${meaning.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`;
  yield `# TYPE ${name} ${type}`;
}

/** Figures in Prometheus' text format, version 0.0.4. */
export const metricsText = (figures: readonly Figure[]): string =>
  `${figures.flatMap((figure) => [...figure.lines()]).join("\n")}\n`;
