/** Lets one piece of work at a time through, first come, first served. */
export class WorkQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Does work when all that came before is done, whether it went well or not. Work must not wait for another turn. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
