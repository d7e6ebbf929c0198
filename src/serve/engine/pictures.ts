import { Worker } from "node:worker_threads";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { limit } from "../../node/classify/limit.js";
import { usableProcessors } from "../../node/processors.js";
import { Link } from "./link.js";
import type { PictureRequest, PictureWorkerData } from "./picture-requests.js";

/** Pictures that are decoded at once: enough to keep every processor busy while others are on their way. */
const atOnce = 2 * usableProcessors() + 2;

/** The thread that makes images of pictures: started again where it was lost. */
export class Pictures {
  readonly #inTurn = limit(atOnce);
  #link: Link<PictureRequest> | undefined;

  constructor(private readonly mostPixels: number) {}

  /**
   * @param bytes of a picture's file: JPEG, PNG, WebP or AVIF
   * @param signal gives it up while it waits for its turn
   * @returns an image for each preparation
   * @throws HeddleError where the picture can't be used; the signal's reason
   */
  prepare(
    bytes: Uint8Array,
    preparations: readonly PicturePreparation[],
    signal: AbortSignal,
  ): Promise<Uint8Array[]> {
    return this.#inTurn(() => {
      signal.throwIfAborted();
      const link = this.#link ?? this.#start();
      // Memory of its own, which the other thread can have: a request's body may be a part of something.
      const own = new Uint8Array(bytes);
      return link.ask({ bytes: own, preparations }, [own.buffer]);
    });
  }

  /** Starts the thread and loads its decoder, so that no picture waits for that. */
  async warm(): Promise<void> {
    await this.prepare(new Uint8Array(0), [], new AbortController().signal);
  }

  async close(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    await link?.close();
  }

  #start(): Link<PictureRequest> {
    const workerData: PictureWorkerData = { mostPixels: this.mostPixels };
    const worker = new Worker(new URL("./picture-worker.js", import.meta.url), { workerData, execArgv: [] });
    const link = new Link<PictureRequest>(worker, () => {
      if (this.#link === link) this.#link = undefined;
    });
    this.#link = link;
    return link;
  }
}
