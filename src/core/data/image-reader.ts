import { HeddleError, UsageError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize, shapeText } from "../layers/shape.js";
import { received } from "../options/index.js";
import { kindOf } from "../options/received.js";
import type { Platform } from "../platform.js";
import { Turns } from "../turns.js";
import { counted, plural } from "../words.js";
import type { ImageStream, ImagesInOrder } from "./image-stream.js";
import { pickImages } from "./pick-images.js";
import { SourceError } from "./source-error.js";
import { takenAway } from "./taken-away.js";

/** Images of which any can be had: all of them in memory, [N, H, W, C], or a source's. */
export type Images = Uint8Array | ImagesInOrder;

export interface ReaderOptions {
  /** Whose images they are, for messages: `fit: train.images`. */
  readonly place: string;
  /** [H, W, C]. */
  readonly imageShape: Shape;
  /** Images that are given at once; the last time there may be fewer. */
  readonly batch: number;
  readonly platform: Pick<Platform, "now" | "yield">;
}

/** Images in an order that was asked for, some at once. */
export interface ImageReader {
  /** The next ones as bytes, which stay until it is called again: none when there are no more. */
  next(): Uint8Array | Promise<Uint8Array>;
  /** Says that no more are wanted. A source that is just being waited for is not waited for any longer. */
  close(): Promise<void>;
}

/** Reads the images of these indices, in this order. */
export function readImages(images: Images, order: Uint32Array, options: ReaderOptions): ImageReader {
  if (images instanceof Uint8Array) return new ArrayReader(images, order, options);
  return new StreamReader(() => images(order.slice()), options, order.length);
}

/** Reads as many images as come. */
export const readStream = (stream: ImageStream, options: ReaderOptions): ImageReader =>
  new StreamReader(() => stream, options);

class ArrayReader implements ImageReader {
  readonly #size: number;
  readonly #length: number;
  readonly #room: Uint8Array;
  #given = 0;

  constructor(
    private readonly images: Uint8Array,
    private readonly order: Uint32Array,
    private readonly options: ReaderOptions,
  ) {
    this.#size = shapeSize(options.imageShape);
    this.#length = images.length;
    // Views of memory that is gone, or too small by now, have no length.
    if (images.length === 0 && order.length > 0) throw takenAway(options.place, "read");
    this.#room = new Uint8Array(Math.min(options.batch, order.length) * this.#size);
  }

  next(): Uint8Array {
    const { place, batch } = this.options;
    if (this.images.length !== this.#length) throw takenAway(place, "read");
    const chosen = this.order.subarray(this.#given, this.#given + batch);
    this.#given += chosen.length;
    return pickImages(this.images, this.#size, chosen, this.#room).subarray(0, chosen.length * this.#size);
  }

  async close(): Promise<void> {}
}

type Piece = Uint8Array | Uint8ClampedArray;

/** While a batch is in use the next one is gathered. */
class StreamReader implements ImageReader {
  readonly #size: number;
  readonly #turns: Turns;
  readonly #rooms: readonly Uint8Array[];
  /** The room that is being filled. */
  #room = 0;
  #coming: Promise<Uint8Array>;
  #iterator: Iterator<Piece> | AsyncIterator<Piece> | undefined;
  /** What of the last piece has not been copied yet. */
  #rest: Uint8Array = new Uint8Array(0);
  /** Its bytes: none of them are left where the piece was taken away. */
  #left = 0;
  /** Images that have come. */
  #come = 0;
  /** Whether the source is waited for just now. */
  #waits = false;
  /** Whether the source has ended by itself. */
  #ended = false;
  #closed = false;

  /** @param count of the images, where it is known */
  constructor(
    private readonly open: () => ImageStream,
    private readonly options: ReaderOptions,
    private readonly count = Number.POSITIVE_INFINITY,
  ) {
    this.#size = shapeSize(options.imageShape);
    this.#turns = new Turns(options.platform);
    const bytes = Math.min(options.batch, count) * this.#size;
    this.#rooms = [new Uint8Array(bytes), new Uint8Array(bytes)];
    this.#coming = this.#gather(this.#rooms[0]);
  }

  async next(): Promise<Uint8Array> {
    const images = await this.#coming;
    this.#room = 1 - this.#room;
    this.#coming = this.#gather(this.#rooms[this.#room]);
    return images;
  }

  async close(): Promise<void> {
    if (this.#closed || this.#ended) return;
    this.#closed = true;
    try {
      const closed = this.#iterator?.return?.();
      // A generator that waits hears of it when its wait is over.
      if (this.#waits) Promise.resolve(closed).catch(() => undefined);
      else await closed;
    } catch {
      // What goes wrong in clearing up concerns nobody here: no more is wanted.
    }
  }

  #gather(room: Uint8Array): Promise<Uint8Array> {
    const images = this.#fill(room);
    // Whoever asks for them hears of it; perhaps nobody does.
    images.catch(() => undefined);
    return images;
  }

  async #fill(room: Uint8Array): Promise<Uint8Array> {
    let filled = 0;
    while (filled < room.length && (this.#left > 0 || (await this.#take()))) {
      if (this.#rest.length !== this.#left) throw takenAway(this.options.place, "read");
      const part = this.#rest.subarray(0, room.length - filled);
      room.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
      this.#left -= part.length;
      // The last image is no last one before the source has said so.
      if (this.#come === this.count && this.#left === 0) await this.#take();
    }
    return room.subarray(0, filled);
  }

  /** Takes the next piece. @returns whether there is one */
  async #take(): Promise<boolean> {
    if (this.#ended || this.#closed) return false;
    const answer = await this.#ask();
    if (this.#closed) return false;
    const { place } = this.options;
    if (answer.done) {
      this.#ended = true;
      if (this.#come === this.count || this.count === Number.POSITIVE_INFINITY) return false;
      throw new HeddleError(
        `${place} gave ${plural(this.#come, "image")} where ${counted(this.count)} were asked for; give one for each index.`,
      );
    }
    this.#rest = this.#bytesOf(answer.value);
    this.#left = this.#rest.length;
    this.#come += this.#left / this.#size;
    if (this.#come > this.count) {
      throw new HeddleError(
        `${place} gave more than the ${plural(this.count, "image")} that were asked for; give one for each index.`,
      );
    }
    await this.#turns.pass();
    return true;
  }

  /** What the source gives next. @throws SourceError with what it throws as its cause */
  async #ask(): Promise<IteratorResult<Piece, unknown>> {
    const { place } = this.options;
    let stream: unknown;
    this.#waits = true;
    try {
      if (!this.#iterator) {
        stream = this.open();
        this.#iterator = iteratorOf(stream);
      }
      if (this.#iterator) return await this.#iterator.next();
    } catch (cause) {
      this.#ended = true;
      const words = cause instanceof Error ? cause.message : received(cause);
      throw new SourceError(
        `${place} failed after ${plural(this.#come, "image")}: ${words.replace(/[.?!]?$/, ".")}`,
        { cause },
      );
    } finally {
      this.#waits = false;
    }
    throw new UsageError(
      `${place} must give an iterable of images, as an async generator does, but gave ${received(stream)}.`,
    );
  }

  #bytesOf(piece: Piece): Uint8Array {
    const { place, imageShape } = this.options;
    const kind = ArrayBuffer.isView(piece) ? kindOf(piece) : "";
    if (
      (kind === "Uint8Array" || kind === "Uint8ClampedArray") &&
      piece.length > 0 &&
      piece.length % this.#size === 0
    ) {
      return new Uint8Array(piece.buffer, piece.byteOffset, piece.length);
    }
    throw new HeddleError(
      `${place} gave ${received(piece)} after ${plural(this.#come, "image")}; an image of ${shapeText(imageShape)} ` +
        `is a Uint8Array of ${this.#size}, and a piece one or several whole ones.`,
    );
  }
}

/** Nothing where there is none. */
function iteratorOf(given: unknown): Iterator<Piece> | AsyncIterator<Piece> | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  if (Symbol.asyncIterator in given) return (given as AsyncIterable<Piece>)[Symbol.asyncIterator]();
  if (Symbol.iterator in given) return (given as Iterable<Piece>)[Symbol.iterator]();
  return undefined;
}
