/** What images are worked on by, and how many at once. */
export interface BatcherOptions {
  /** Bytes of an image. */
  readonly imageSize: number;
  /** Numbers that come of one. */
  readonly classes: number;
  /** Images that are worked on together, at most. */
  readonly mostTogether: number;
  /** Milliseconds that the first image waits for others while nothing is worked on. */
  readonly patience: number;
  /** [N, …] bytes, which are the callee's from then on, to [N, classes]. */
  readonly run: (images: Uint8Array) => Promise<Float32Array>;
  /** Told of each batch: how many images it has, and how many seconds it took. */
  readonly onBatch?: (images: number, seconds: number) => void;
}

/** Images that somebody waits for. */
interface Job {
  readonly images: Uint8Array;
  readonly count: number;
  readonly since: number;
  readonly signal: AbortSignal | undefined;
  readonly found: Float32Array;
  /** Images that are on their way, or done. */
  begun: number;
  done: number;
  resolve(found: Float32Array): void;
  reject(reason: unknown): void;
}

interface Slice {
  readonly job: Job;
  readonly from: number;
  readonly count: number;
}

/**
 * Gathers images of several callers into batches, first come, first served. While a batch is worked on the next one
 * gathers by itself, and one that is full is sent on before its turn, so that the engine never waits for the way to it and
 * back; only where nothing is worked on does anybody wait for company.
 */
export class Batcher {
  readonly #line: Job[] = [];
  #waiting = 0;
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(private readonly options: BatcherOptions) {}

  /** Images that wait for their batch. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * @param images [N, …] as bytes, at least one; they must stay as they are until then
   * @param signal gives up those that are in no batch yet
   * @throws the signal's reason; what `run` throws
   */
  predict(images: Uint8Array, signal?: AbortSignal): Promise<Float32Array> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const count = images.length / this.options.imageSize;
    return new Promise((resolve, reject) => {
      const found = new Float32Array(count * this.options.classes);
      const job = {
        images,
        count,
        since: performance.now(),
        signal,
        found,
        begun: 0,
        done: 0,
        resolve,
        reject,
      };
      this.#line.push(job);
      this.#waiting += count;
      const leave = (): void => {
        this.#giveUp(job, signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      job.resolve = (value) => {
        signal?.removeEventListener("abort", leave);
        resolve(value);
      };
      this.#pump();
    });
  }

  /** Resolves when nothing waits and nothing is worked on. */
  async drained(): Promise<void> {
    while (this.#line.length > 0 || this.#running > 0)
      await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #giveUp(job: Job, reason: unknown): void {
    const at = this.#line.indexOf(job);
    if (at >= 0) {
      this.#line.splice(at, 1);
      this.#waiting -= job.count - job.begun;
    }
    job.reject(reason);
    this.#tellIdle();
  }

  #pump(): void {
    const { mostTogether, patience } = this.options;
    for (;;) {
      if (this.#waiting === 0) return;
      const full = this.#waiting >= mostTogether;
      if (this.#running >= (full ? 2 : 1)) return;
      const left = patience - (performance.now() - this.#line[0].since);
      if (!full && left > 0) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#pump();
        }, left);
        return;
      }
      this.#send();
    }
  }

  #send(): void {
    const slices = this.#take();
    const { imageSize } = this.options;
    const count = slices.reduce((sum, slice) => sum + slice.count, 0);
    const images = new Uint8Array(count * imageSize);
    let at = 0;
    for (const { job, from, count } of slices) {
      images.set(job.images.subarray(from * imageSize, (from + count) * imageSize), at);
      at += count * imageSize;
    }
    this.#running++;
    void this.#work(slices, images, count);
  }

  /** The next images in line, of one job or of many. */
  #take(): Slice[] {
    const slices: Slice[] = [];
    for (let room = this.options.mostTogether; room > 0 && this.#line.length > 0; ) {
      const [job] = this.#line;
      const count = Math.min(room, job.count - job.begun);
      slices.push({ job, from: job.begun, count });
      job.begun += count;
      room -= count;
      this.#waiting -= count;
      if (job.begun === job.count) this.#line.shift();
    }
    return slices;
  }

  async #work(slices: readonly Slice[], images: Uint8Array, count: number): Promise<void> {
    const begin = performance.now();
    try {
      const found = await this.options.run(images);
      this.#hand(slices, found);
      this.options.onBatch?.(count, (performance.now() - begin) / 1000);
    } catch (error) {
      for (const { job } of slices) this.#giveUp(job, error);
    }
    this.#running--;
    this.#pump();
    this.#tellIdle();
  }

  #hand(slices: readonly Slice[], found: Float32Array): void {
    const { classes } = this.options;
    let at = 0;
    for (const { job, from, count } of slices) {
      job.found.set(found.subarray(at * classes, (at + count) * classes), from * classes);
      at += count;
      job.done += count;
      if (job.done === job.count) job.resolve(job.found);
    }
  }

  #tellIdle(): void {
    if (this.#line.length > 0 || this.#running > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
