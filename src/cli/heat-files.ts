import { basename, join } from "node:path";
import { preparationFor } from "../core/data/pictures/usual-preparation.js";
import type { HeatMaps } from "../core/explain/explain-options.js";
import type { ClassifiedPicture, UnclassifiedPicture } from "../node/classify/classify-pictures.js";
import type { NodeModel } from "../node/node-model.js";
import { readPicture } from "../node/pictures/gather-pictures.js";
import { preparePicture } from "../node/pictures/prepare-picture.js";
import { writeFileWhole } from "../node/write-file.js";
import { heatPicture } from "../report/heat-picture.js";
import { pngOf } from "../report/picture.js";

/** Pixels that a picture with a heat map has along its longer side, at least: a model's own images may be tiny. */
const leastSide = 448;

/** Pictures that are explained by one network. */
const together = 8;

type Result = ClassifiedPicture | UnclassifiedPicture;

/** Passes results on as they are, once the heat map of each picture is written to a folder. */
export class HeatFiles {
  readonly #names = new Set<string>();

  constructor(
    private readonly model: NodeModel,
    private readonly folder: string,
    /** Told once what the maps are made by. */
    private readonly onMethod: (method: HeatMaps["method"]) => void,
  ) {}

  async *written<Each extends { readonly file: string; readonly result: Result }>(
    results: AsyncIterable<Each>,
  ): AsyncGenerator<Each> {
    let waiting: Each[] = [];
    for await (const each of results) {
      waiting.push(each);
      if (waiting.length < together) continue;
      await this.#write(waiting);
      yield* waiting;
      waiting = [];
    }
    await this.#write(waiting);
    yield* waiting;
  }

  async #write(results: readonly { readonly file: string; readonly result: Result }[]): Promise<void> {
    const named = results.flatMap(({ file, result }) => (result.error ? [] : [{ file, ...result }]));
    if (named.length === 0) return;
    const { model, folder } = this;
    const size = named[0].image.length;
    const images = new Uint8Array(size * named.length);
    for (const [at, { image }] of named.entries()) images.set(image, at * size);
    const classIndex = named.map(({ predictions }) => predictions[0].label);
    const maps = await model.explain(images, { classIndex });
    this.onMethod(maps.method);
    const { height, width, values } = maps;
    const preparation = preparationFor(model);
    const times = Math.ceil(leastSide / Math.max(height, width));
    const shape = [height * times, width * times, 3] as const;
    for (const [at, { file, input }] of named.entries()) {
      const bytes = typeof input === "string" ? await readPicture(input) : input;
      const shown = { ...preparation, size: [shape[0], shape[1]], channels: 3 } as const;
      const heat = { height, width, values: values.subarray(at * height * width, (at + 1) * height * width) };
      const picture = heatPicture(await preparePicture(bytes, shown), shape, heat);
      await writeFileWhole(join(folder, this.#nameFor(file)), pngOf(picture, shape));
    }
  }

  /** A name of its own, of characters that every system takes. */
  #nameFor(file: string): string {
    const plain = basename(file)
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, "_")
      .replace(/^[.-]+/, "");
    const base = plain === "" ? "picture" : cutTo(plain, 180);
    for (let number = 1; ; number++) {
      const name = number === 1 ? `${base}.png` : `${base}-${number}.png`;
      if (this.#names.has(name.toLowerCase())) continue;
      this.#names.add(name.toLowerCase());
      return name;
    }
  }
}

/** As many of the first characters as so many bytes hold: names of more than 255 are refused. */
function cutTo(text: string, bytes: number): string {
  let left = bytes;
  const kept = [...text].filter((character) => {
    left -= Buffer.byteLength(character);
    return left >= 0;
  });
  return kept.join("");
}
