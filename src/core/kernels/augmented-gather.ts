import type { BatchAugmentation } from "../data/batch-augmentation.js";
import { type F32, type FunctionBuilder, f32, type I32, i32, type Local } from "../wasm/index.js";
import { emitColour } from "./colour.js";
import type { Emitter } from "./emitter.js";
import { type ChannelPlace, eachChannel, type GatherShape, normalized } from "./gather.js";

const bits = { moved: 1, reflect: 2, crop: 4, colour: 8 } as const;

/** What is done to a batch, as bits of one number: 0 where its images are taken as they are. */
export function augmentationBits(augmentation: BatchAugmentation | undefined): number {
  if (!augmentation) return 0;
  const { reflect, crop, colour } = augmentation;
  return bits.moved + (reflect ? bits.reflect : 0) + (crop ? bits.crop : 0) + (colour ? bits.colour : 0);
}

/**
 * As `emitGather`, of an image that is varied on its way: moved and cropped, its colours changed, a rectangle set to
 * the mean. See `BatchAugmentation` for what lies at `affine`, `crop`, `colour` and `erase`, and `augmentationBits`
 * for `how`. An image's numbers follow from its bytes and these alone.
 */
export function emitAugmentedGather(emitter: Emitter, shape: GatherShape) {
  const move = emitMove(emitter, shape);
  const { channels } = shape;
  const colourize =
    channels === 1 || channels === 3 ? emitColour(emitter, { ...shape, channels }) : undefined;
  const finish = emitFinish(emitter, shape);
  return emitter.module.function(
    ["image", "out", "affine", "crop", "colour", "erase", "how"],
    (f, { image, out, affine, crop, colour, erase, how }) => {
      f.call(move, { image, out, affine, crop, how });
      if (colourize) f.if(i32.and(how, bits.colour), () => f.call(colourize, { out, colour }));
      f.call(finish, { out, erase });
    },
  );
}

const negative = (value: F32): F32 => f32.sub(f32.const(0), value);
const lesser = (a: F32, b: F32): F32 => negative(f32.max(negative(a), negative(b)));

/** Bytes to numbers from 0 to 255, read through an affine map, bilinear. */
function emitMove(emitter: Emitter, { height, width, channels, outChannels }: GatherShape) {
  return emitter.module.function(
    ["image", "out", "affine", "crop", "how"],
    (f, { image, out, affine, crop, how }) => {
      const [a, b, c, d, e, g] = [0, 1, 2, 3, 4, 5].map((index) => f.let(f32.load(affine, index * 4)));
      const value = f.local("f32");
      const seen = f.local("i32");
      const reflects = f.let(i32.and(how, bits.reflect));
      const cropped = f.let(i32.and(how, bits.crop));
      const columns = axisOf(f, crop, cropped, 0, width);
      const rows = axisOf(f, crop, cropped, 1, height);

      /** value += the byte at (x, y) times the weight, where the pixel exists. */
      const addPixel = (x: I32, y: I32, weight: F32, { bytes, channel }: ChannelPlace): void => {
        f.if(i32.and(i32.ltU(x, width), i32.ltU(y, height)), () => {
          const at = i32.mul(i32.add(i32.mul(y, width), x), channels);
          const byte = f32.convertI32(i32.load8u(i32.add(i32.add(image, at), bytes), channel));
          f.set(value, f32.add(value, f32.mul(byte, weight)));
        });
      };

      f.for({ to: height }, (y) => {
        f.for({ to: width }, (x) => {
          const fx = f.let(f32.convertI32(x));
          const fy = f.let(f32.convertI32(y));
          const along = (p: Local<"f32">, q: Local<"f32">, r: Local<"f32">): F32 =>
            f32.add(f32.add(f32.mul(p, fx), f32.mul(q, fy)), r);
          const fromX = f.let(along(a, b, c));
          const fromY = f.let(along(d, e, g));
          f.if(reflects, () => {
            fold(f, fromX, columns);
            fold(f, fromY, rows);
          });
          f.set(seen, i32.const(1));
          f.if(cropped, () => {
            f.set(seen, i32.and(keepWithin(f, fromX, columns), keepWithin(f, fromY, rows)));
          });
          const lowX = f.let(f32.floor(fromX));
          const lowY = f.let(f32.floor(fromY));
          const restX = f.let(f32.sub(fromX, lowX));
          const restY = f.let(f32.sub(fromY, lowY));
          const x0 = f.let(i32.truncSatF32(lowX));
          const y0 = f.let(i32.truncSatF32(lowY));
          const target = f.let(i32.add(out, i32.mul(i32.add(i32.mul(y, width), x), outChannels * 4)));
          const one = f32.const(1);
          for (let channel = channels; channel < outChannels; channel++)
            f.do(f32.store(target, f32.const(0), channel * 4));
          eachChannel(f, channels, (place) => {
            f.set(value, f32.const(0));
            f.if(seen, () => {
              addPixel(x0, y0, f32.mul(f32.sub(one, restX), f32.sub(one, restY)), place);
              addPixel(i32.add(x0, 1), y0, f32.mul(restX, f32.sub(one, restY)), place);
              addPixel(x0, i32.add(y0, 1), f32.mul(f32.sub(one, restX), restY), place);
              addPixel(i32.add(x0, 1), i32.add(y0, 1), f32.mul(restX, restY), place);
            });
            f.do(f32.store(i32.add(target, place.numbers), value, place.channel * 4));
          });
        });
      });
    },
  );
}

/** One axis of the part of an image that is read, in its pixels. */
interface Axis {
  readonly first: Local<"f32">;
  readonly last: Local<"f32">;
  readonly count: Local<"f32">;
  /** Where the outermost pixels of what is made read it, and how far they are apart, there and back. */
  readonly start: Local<"f32">;
  readonly around: Local<"f32">;
}

function axisOf(
  f: FunctionBuilder,
  crop: Local<"i32">,
  cropped: Local<"i32">,
  axis: 0 | 1,
  size: number,
): Axis {
  const first = f.let(f32.const(0));
  const count = f.let(f32.const(size));
  f.if(cropped, () => {
    f.set(first, f32.load(crop, axis * 4));
    f.set(count, f32.load(crop, axis * 4 + 8));
  });
  const share = f.let(f32.div(count, f32.const(size)));
  return {
    first,
    count,
    last: f.let(f32.sub(f32.add(first, count), f32.const(1))),
    start: f.let(f32.add(first, f32.mul(f32.sub(share, f32.const(1)), f32.const(0.5)))),
    around: f.let(f32.mul(share, f32.const(2 * (size - 1)))),
  };
}

/** Mirrors a place at the outermost pixels, to and fro, until it lies between them. */
function fold(f: FunctionBuilder, place: Local<"f32">, { start, around }: Axis): void {
  f.set(place, f32.sub(place, start));
  f.set(place, f32.max(place, negative(place)));
  f.set(place, f32.sub(place, f32.mul(around, f32.floor(f32.div(place, around)))));
  f.set(place, f32.add(start, lesser(place, f32.sub(around, place))));
}

/** Whether a place lies in the part's pixels; then it is moved to between their centres. */
function keepWithin(f: FunctionBuilder, place: Local<"f32">, { first, last, count }: Axis): Local<"i32"> {
  const pixel = f32.floor(f32.sub(place, f32.sub(first, f32.const(0.5))));
  const within = f.let(i32.ltU(i32.truncSatF32(pixel), i32.truncSatF32(count)));
  f.set(place, f32.max(first, lesser(place, last)));
  return within;
}

/** Numbers from 0 to 255 to normalized ones, in place, those of a rectangle to the mean. */
function emitFinish(emitter: Emitter, shape: GatherShape) {
  const { height, width, channels, outChannels } = shape;
  return emitter.module.function(["out", "erase"], (f, { out, erase }) => {
    const [left, top, eraseWidth, eraseHeight] = [0, 1, 2, 3].map((index) =>
      f.let(i32.load(erase, index * 4)),
    );
    f.for({ to: height }, (y) => {
      const crossed = f.let(i32.ltU(i32.sub(y, top), eraseHeight));
      f.for({ to: width }, (x) => {
        const erased = f.let(i32.and(i32.ltU(i32.sub(x, left), eraseWidth), crossed));
        const target = f.let(i32.add(out, i32.mul(i32.add(i32.mul(y, width), x), outChannels * 4)));
        eachChannel(f, channels, ({ numbers, channel }) => {
          const at = i32.add(target, numbers);
          f.if(
            erased,
            () => f.do(f32.store(at, f32.const(0), channel * 4)),
            () => {
              const value = f32.load(at, channel * 4);
              f.do(f32.store(at, normalized(shape, value, numbers, channel), channel * 4));
            },
          );
        });
      });
    });
  });
}
