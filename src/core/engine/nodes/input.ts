import { emitAugmentedGather } from "../../kernels/augmented-gather.js";
import { emitGather } from "../../kernels/gather.js";
import type { Shape } from "../../layers/layer.js";
import { i32 } from "../../wasm/index.js";
import { control } from "../control.js";
import { batchBuffer, type Node, type Planner } from "../plan/node.js";
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
}

/** Bytes a sample. */
export const augmentationBytes = { affine: 24, erase: 16, crop: 16, colour: 40 } as const;

/** Turns the batch's images from bytes into normalized numbers, augmented where the step says so. */
export class InputNode implements Node {
  readonly name = "input";

  constructor(
    readonly output: Tensor,
    readonly imageShape: Shape,
    readonly places: InputPlaces,
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
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      const image = f.let(i32.add(i32.mul(sample, height * width * channels), images));
      const out = f.let(sampleAddress(values, sample, scratch));
      const asIs = (): void => f.call(plain, { image, out });
      if (!augmented) {
        asIs();
        return;
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
    });
  }

  backward(): void {}
}
