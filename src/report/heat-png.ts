import type { RgbPicture } from "../core/data/pictures/resample.js";
import { UsageError } from "../core/errors.js";
import type { HeatMaps } from "../core/explain/index.js";
import {
  checkValue,
  kindOfValue,
  type OptionTable,
  resolveOptions,
  typedArray,
  wholeNumber,
} from "../core/options/index.js";
import { heatPicture } from "./heat-picture.js";
import { pngOf } from "./picture.js";

const size = wholeNumber({ from: 1, to: 2 ** 14 });

const pictureOptions = {
  width: { meaning: "pixels across", kind: size },
  height: { meaning: "pixels down", kind: size },
  data: { meaning: "[height, width, 3] as bytes", kind: typedArray("Uint8Array") },
} satisfies OptionTable<RgbPicture>;

const bytesKind = kindOfValue<Uint8Array | Uint8ClampedArray>(
  "the image's bytes",
  (value) => value instanceof Uint8Array || value instanceof Uint8ClampedArray,
);

const mapsOptions = {
  count: { meaning: "how many maps", kind: wholeNumber({ from: 1 }) },
  width: { meaning: "pixels across", kind: size },
  height: { meaning: "pixels down", kind: size },
  values: { meaning: "[N, H, W]", kind: typedArray("Float32Array") },
} satisfies OptionTable<Pick<HeatMaps, "count" | "width" | "height" | "values">>;

/**
 * A picture with one of the maps over it that `explain` gave, as a PNG file: yellow where there is little, dark red where
 * there is most, and in its own colours, faded, where there is none.
 *
 * @param picture the image that was explained, as `classify` gives it: [H, W, 1 or 3] as bytes, H and W those of the maps;
 * or the same picture larger, as `preparePicture` makes it by the model's preparation with another size
 * @param index which map (default the first)
 * @throws UsageError where it is no picture, they are no maps, or there is none of that index
 */
export function heatPng(
  picture: Uint8Array | Uint8ClampedArray | RgbPicture,
  maps: HeatMaps,
  index = 0,
): Uint8Array {
  const { count, width, height, values } = resolveOptions("heatPng: maps", maps, mapsOptions, {
    ignored: "the rest",
  });
  const pixels = height * width;
  if (values.length !== count * pixels)
    throw new UsageError(
      `heatPng: maps has ${values.length} values; give ${count} maps of ${height} × ${width}, as explain does.`,
    );
  checkValue("heatPng", "index", index, wholeNumber({ from: 0, to: count - 1 }));
  const heat = { height, width, values: values.subarray(index * pixels, (index + 1) * pixels) };
  if (ArrayBuffer.isView(picture) || typeof picture !== "object") {
    const bytes = checkValue("heatPng", "picture", picture, bytesKind);
    const channels = bytes.length / pixels;
    if (channels !== 1 && channels !== 3)
      throw new UsageError(
        `heatPng: picture has ${bytes.length} bytes; give one image of [${height}, ${width}, 1 or 3], or a picture of { width, height, data }.`,
      );
    const image = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    return pngOf(heatPicture(image, [height, width, channels], heat), [height, width, 3]);
  }
  const large = resolveOptions("heatPng: picture", picture, pictureOptions);
  const shape = [large.height, large.width, 3] as const;
  if (large.data.length !== large.height * large.width * 3)
    throw new UsageError(
      `heatPng: picture has ${large.data.length} bytes; ${large.height} × ${large.width} pixels of red, green and blue have ${large.height * large.width * 3}.`,
    );
  return pngOf(heatPicture(large.data, shape, heat), shape);
}
