import { Worker } from "node:worker_threads";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import type { Shape } from "../../core/layers/layer.js";
import { shapeSize } from "../../core/layers/shape.js";
import { type Classification, classificationsOf } from "../../core/training/classify.js";
import { imagesAtOnce } from "../../core/training/images-at-once.js";
import { limit } from "../../node/classify/limit.js";
import type { ModelFile } from "../model-file.js";
import { Batcher } from "./batcher.js";
import { BusyError, TooManyImagesError } from "./busy-error.js";
import { Link } from "./link.js";
import type { AboutModel, ModelRequest, ModelWorkerData } from "./model-requests.js";

/** How a model is served. */
export interface ServedModelOptions {
  readonly threads?: number;
  readonly wideVectors: boolean;
  readonly batchSize: number;
  readonly batchWait: number;
  /** Images that are accepted and not answered yet, at most. */
  readonly queue: number;
  readonly onBatch: (model: string, images: number, seconds: number) => void;
  /** Told when its thread ends by itself. */
  readonly onEnd: (model: ServedModel, reason: Error) => void;
}

/** One model file at work: a thread that computes, and the line of images before it. */
export class ServedModel {
  readonly name: string;
  /** The first 12 hexadecimal digits of the file's SHA-256: other weights are another version. */
  readonly version: string;
  readonly digest: string;
  readonly inputShape: Shape;
  readonly classNames: readonly string[];
  readonly preparation: PicturePreparation | undefined;
  readonly about: AboutModel;
  readonly imageSize: number;
  readonly #batcher: Batcher;
  /** For what is said of pictures: over the views that the calibration was found for. */
  readonly #viewed: Batcher;
  readonly #oneExplained = limit(1);
  #held = 0;
  #lost = false;
  #left: (() => void)[] = [];

  private constructor(
    { name, digest }: ModelFile,
    private readonly link: Link<ModelRequest>,
    about: AboutModel,
    private readonly options: ServedModelOptions,
  ) {
    this.name = name;
    this.digest = digest;
    this.version = digest.slice(0, 12);
    this.about = about;
    this.inputShape = about.inputShape;
    this.classNames = about.classNames;
    this.preparation = about.preparation;
    this.imageSize = shapeSize(about.inputShape);
    const batcher = (viewed: boolean): Batcher =>
      new Batcher({
        imageSize: this.imageSize,
        classes: about.classNames.length,
        mostTogether: mostTogether(this.imageSize, options),
        patience: options.batchWait,
        run: (images) => link.ask({ kind: "predict", images, viewed }, [images.buffer as ArrayBuffer]),
        onBatch: (images, seconds) => options.onBatch(name, images, seconds),
      });
    this.#batcher = batcher(false);
    this.#viewed = about.calibration?.views ? batcher(true) : this.#batcher;
  }

  /** Starts its thread and makes it ready. @throws HeddleError where the file holds no model that can be run */
  static async start(file: ModelFile, options: ServedModelOptions): Promise<ServedModel> {
    const { name, bytes, place: said, portable } = file;
    const { threads, wideVectors } = options;
    const workerData: ModelWorkerData = { bytes, file: said, name, threads, portable, wideVectors };
    const worker = new Worker(new URL("./model-worker.js", import.meta.url), { workerData, execArgv: [] });
    let served: ServedModel | undefined;
    const link = new Link<ModelRequest>(worker, (reason) => {
      if (served) served.#lose(reason);
    });
    try {
      const about = await link.ask<AboutModel>({ kind: "about", mostTogether: options.batchSize });
      served = new ServedModel(file, link, about, options);
      return served;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  /** Whether its thread is there. */
  get ready(): boolean {
    return !this.#lost;
  }

  /** Images that are accepted and not answered yet. */
  get held(): number {
    return this.#held;
  }

  /** Images that wait for their batch. */
  get waiting(): number {
    const batchers = new Set([this.#batcher, this.#viewed]);
    return [...batchers].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /**
   * Does work whose images are counted until it is done: as one at first, and as many once it knows.
   *
   * @throws BusyError where more would be held than may be. @throws TooManyImagesError where they are more than ever may be
   */
  async holding<Result>(work: (hold: (images: number) => void) => Promise<Result>): Promise<Result> {
    const { queue } = this.options;
    let own = 0;
    const hold = (images: number): void => {
      if (images > queue) throw new TooManyImagesError(images, queue);
      if (this.#held - own + images > queue) throw new BusyError(this.name, queue);
      this.#held += images - own;
      own = images;
    };
    hold(1);
    try {
      return await work(hold);
    } finally {
      this.#held -= own;
      if (this.#held === 0) for (const resolve of this.#left.splice(0)) resolve();
    }
  }

  /** @param images [N, H, W, C] as bytes, at least one @param signal gives them up @returns [N, classes] */
  predict(images: Uint8Array, signal?: AbortSignal): Promise<Float32Array> {
    return this.#batcher.predict(images, signal);
  }

  /** What one image is, as `model.classifyImages` says it. @param image [H, W, C] as bytes @param signal gives it up */
  async classify(image: Uint8Array, topK: number, signal: AbortSignal): Promise<Classification> {
    const probabilities = await this.#viewed.predict(image, signal);
    return classificationsOf(probabilities, this.classNames, this.about.calibration, topK)[0];
  }

  /** A picture with its heat map, as a PNG. One at a time: it takes far longer than a prediction. */
  explain(
    request: Omit<ModelRequest & { kind: "explain" }, "kind">,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    return this.#oneExplained(async () => {
      signal.throwIfAborted();
      return this.link.ask<Uint8Array>({ kind: "explain", ...request });
    });
  }

  /** Answers what it has accepted, and ends its thread. */
  async close(): Promise<void> {
    while (this.#held > 0) await new Promise<void>((resolve) => this.#left.push(resolve));
    await Promise.all([this.#batcher.drained(), this.#viewed.drained()]);
    await this.link.close();
  }

  #lose(reason: Error): void {
    this.#lost = true;
    this.options.onEnd(this, reason);
  }
}

const mostTogether = (imageSize: number, { batchSize }: ServedModelOptions): number =>
  Math.min(batchSize, imagesAtOnce(imageSize));
