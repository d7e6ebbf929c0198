import { emitAugmentedGather } from "../../kernels/augmented-gather.js";
import { emitGather } from "../../kernels/gather.js";
import { emitMix, mixingBytes } from "../../kernels/mix.js";
import type { Shape } from "../../layers/layer.js";
import { type FunctionBuilder, type I32, i32, type Local } from "../../wasm/index.js";
import { control } from "../control.js";
import { batchBuffer, type Node, type Planner, scratchBuffer } from "../plan/node.js";
import type { SampleContext } from "../plan/step-schedule.js";
import { sampleAddress, type Tensor } from "../plan/tensor.js";

/** Where the images and what is asked of them lie. */
export interface InputPlaces {
  /** The bytes of the batch's images, one after the other. */
  readonly images: number;
  /** Scales and shifts of the channels: see kernels/gather. */
  readonly normalization: number;
  /** What `augmentationBytes` says a sample: see BatchAugmentation. */
  readonly affine: number;
  readonly erase: number;
  readonly crop: number;
  readonly colour: number;
  /** See kernels/mix. */
  readonly mixing: number;
}

/** Bytes a sample. */
export const augmentationBytes = { affine: 24, erase: 16, crop: 16, colour: 40 } as const;

/** Emits how a sample's image enters at an address. @returns that address */
type Enter = (f: FunctionBuilder, sample: Local<"i32">, to: I32) => Local<"i32">;

/** Turns the batch's images from bytes into normalized numbers, augmented where the step says so. */
export class InputNode implements Node {
  readonly name = "input";

  constructor(
    readonly output: Tensor,
    readonly imageShape: Shape,
    readonly places: InputPlaces,
    readonly mixes: boolean,
  ) {}

  forward(planner: Planner): void {
    const [height, width, channels] = this.imageShape;
    const { images, normalization, ...places } = this.places;
    const values = batchBuffer(planner, this.output.grid);
    this.output.values = values;
    const shape = {
      height,
      width,
      channels,
      outChannels: values.grid.channels,
      normalization,
    };
    const plain = emitGather(planner.emitter, shape);
    const augmented = planner.training ? emitAugmentedGather(planner.emitter, shape) : undefined;
    const enter: Enter = (f, sample, to) => {
      const image = f.let(i32.add(i32.mul(sample, height * width * channels), images));
      const out = f.let(to);
      const asIs = (): void => f.call(plain, { image, out });
      if (!augmented) {
        asIs();
        return out;
      }
      const of = (name: keyof typeof augmentationBytes) =>
        i32.add(i32.mul(sample, augmentationBytes[name]), places[name]);
      const how = f.let(i32.load(control.augmented));
      f.if(
        how,
        () =>
          f.call(augmented, {
            image,
            out,
            affine: of("affine"),
            crop: of("crop"),
            colour: of("colour"),
            erase: of("erase"),
            how,
          }),
        asIs,
      );
      return out;
    };
    const mix = this.mixes && planner.training ? this.#mixer(planner, enter) : undefined;
    planner.schedule.perSample(this.name, (context) => {
      const { f, sample, scratch } = context;
      const out = enter(f, sample, sampleAddress(values, sample, scratch));
      mix?.(context, out);
    });
  }

  /** What mixes the sample's image with its partner's, which enters beside it, varied as it is by itself. */
  #mixer(planner: Planner, enter: Enter): (context: SampleContext, out: Local<"i32">) => void {
    const { mixing } = this.places;
    const { grid } = this.output;
    const room = scratchBuffer(planner, grid);
    const mix = emitMix(planner.emitter, grid);
    return ({ f, sample, scratch }, out) => {
      f.if(i32.load(mixing), () => {
        const partner = f.let(i32.load(i32.add(i32.mul(sample, 4), mixing + mixingBytes)));
        const other = enter(f, partner, sampleAddress(room, sample, scratch));
        f.call(mix, { out, other, mixing });
      });
    };
  }

  backward(): void {}
}
