import { decodeModel } from "../../core/formats/index.js";
import type { ModelContents } from "../../core/formats/model-file.js";
import { chainOf } from "../../core/graph/index.js";
import { conv2d, dense, flatten, lstm, maxPool2d, reshape } from "../../core/index.js";
import { Model } from "../../core/training/model.js";
import { nodePlatform } from "../../node/index.js";

type Besides = Partial<Omit<ModelContents, "tensors" | "layers" | "inputShape">>;

/** A model with the first weights of its seed, much enlarged, so that pictures come to different classes. */
async function contentsOf(
  layers: Parameters<typeof chainOf>[0],
  inputShape: readonly number[],
  besides: Besides,
): Promise<ModelContents> {
  const model = new Model(chainOf(layers, inputShape), { seed: 3, platform: nodePlatform });
  const contents = decodeModel(await model.toBytes(), "a small model");
  await model.dispose();
  const tensors = contents.tensors.map(({ data, ...tensor }) => ({
    ...tensor,
    data: data.map((value) => value * 3),
  }));
  return { ...contents, ...besides, tensors };
}

const colourSize = [12, 16] as const;

/** Tells four classes of colour pictures apart by their middle, calibrated. */
export const colourModel = (besides: Besides = {}): Promise<ModelContents> =>
  contentsOf(
    [conv2d({ filters: 4, kernelSize: 3, activation: "relu" }), maxPool2d(), flatten(), dense({ units: 4 })],
    [...colourSize, 3],
    {
      classNames: ["red & blue", "</script><script>alert(1)</script>", "<!--", "Größe 44"],
      preparation: { size: colourSize, channels: 3, resize: "crop", background: 255 },
      calibration: { temperature: 1.7, unsureBelow: 0.6, goal: 0.9, images: 50 },
      normalization: { mean: [0.5, 0.4, 0.3], deviation: [0.25, 0.3, 0.2] },
      ...besides,
    },
  );

/** Grey images, of no pictures, read line by line: it has no convolution. */
export const recurrentModel = (inputShape: readonly number[] = [8, 8, 1]): Promise<ModelContents> =>
  contentsOf([reshape({ targetShape: [8, 8] }), lstm({ units: 6 }), dense({ units: 3 })], inputShape, {
    classNames: ["a", "b", "c"],
  });
