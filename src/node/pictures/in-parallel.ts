/**
 * Does something for each item, a number of them at once, begun in their order. The first failure ends it: what has been
 * begun is waited for, and nothing more is begun.
 *
 * @throws that failure, or the signal's reason when it says to stop
 */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0;
  let failed = false;
  const takeTurns = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        signal?.throwIfAborted();
        await work(items[index], index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const turns = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, takeTurns));
  const rejected = turns.find((turn) => turn.status === "rejected");
  if (rejected) throw rejected.reason;
}
