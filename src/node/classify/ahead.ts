/** What is begun of an item, and whether it is done. */
interface Begun<Item, Result> {
  readonly item: Item;
  readonly result: Promise<Result>;
  settled: boolean;
}

/** Results that follow one another, as many as were there. */
export type Batch<Item, Result> = readonly { readonly item: Item; readonly result: Result }[];

/**
 * Works ahead of who reads: items are taken as they come and begun, so many of them unread at most, and results are given in the
 * items' order: as soon as a batch is full or nothing else is being worked on, and otherwise after a while with those that
 * are there.
 *
 * @param room results, done or not, that nobody has read yet
 * @param most results of a batch
 * @param patience how long a result waits for others at most, milliseconds
 */
export async function* workAhead<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  { room, most, patience }: { readonly room: number; readonly most: number; readonly patience: number },
): AsyncGenerator<Batch<Item, Result>> {
  const line: Begun<Item, Result>[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let changed = (): void => undefined;
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      const before = changed;
      changed = () => {
        before();
        resolve();
      };
    });
  const tell = (): void => {
    const now = changed;
    changed = () => undefined;
    now();
  };
  const take = async (): Promise<void> => {
    try {
      for await (const item of items) {
        if (ended) return;
        const begun: Begun<Item, Result> = { item, result: work(item), settled: false };
        const settle = (): void => {
          begun.settled = true;
          tell();
        };
        begun.result.then(settle, settle);
        line.push(begun);
        tell();
        while (line.length >= room && !ended) await change();
        if (ended) return;
      }
    } catch (error) {
      failure = { error };
    } finally {
      ended = true;
      tell();
    }
  };
  /** Results that are there before the first that isn't, of a batch at most. */
  const leading = (): number => {
    const waiting = line.slice(0, most).findIndex(({ settled }) => !settled);
    return waiting === -1 ? Math.min(most, line.length) : waiting;
  };
  const taking = take();
  try {
    for (;;) {
      while (!(line[0]?.settled || (ended && line.length === 0))) await change();
      if (line.length === 0) break;
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        tell();
      }, patience);
      let count = leading();
      for (; count < most && count < line.length && !late; count = leading()) await change();
      clearTimeout(timer);
      const batch = await Promise.all(
        line.slice(0, count).map(async ({ item, result }) => ({ item, result: await result })),
      );
      line.splice(0, count);
      tell();
      yield batch;
    }
    await taking;
    if (failure) throw failure.error;
  } finally {
    ended = true;
    tell();
  }
}
