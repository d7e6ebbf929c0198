import { shapeSize } from "../layers/shape.js";
import { heatOf } from "./heat.js";
import type { ExplainedModel, Heat, HeatWork } from "./heat-work.js";

/** A patch's side as a share of the image's: a seventh, as the maps of a network on photos have seven pixels. */
const patchShare = 1 / 7;

/** Images with a patch that are in memory at once. */
const atOnce = 64;

/**
 * Occlusion (Zeiler and Fergus 2014, arXiv 1311.2901): how much a class's probability falls when a grey patch hides a part of the image. It asks
 * nothing of a model but predictions. The patch is a seventh of the image's sides, of the mean colour of the images that trained, moved by half
 * of itself; a pixel's heat is the mean over the patches that hide it.
 */
export async function occlusion(
  { graph, normalization }: ExplainedModel,
  { imagesFrom, count, classIndexes: given, withNetwork }: HeatWork,
): Promise<Heat> {
  const { inputShape } = graph;
  const [height, width, channels] = inputShape;
  const [classes] = graph.outputShape;
  const size = shapeSize(inputShape);
  const grey = normalization.mean.map((each) => Math.round(255 * Math.min(1, Math.max(0, each))));
  const rows = patches(height);
  const columns = patches(width);
  const places = rows.flatMap((row) => columns.map((column) => ({ row, column })));
  const values = new Float32Array(count * height * width);
  const classIndexes = new Uint32Array(count);
  const explain = async (index: number, predict: Predict): Promise<void> => {
    const image = imagesFrom(index, 1).slice();
    const own = await predict(image);
    const classIndex = given?.[index] ?? own.reduce((best, each, at) => (each > own[best] ? at : best), 0);
    const fall = new Float64Array(height * width);
    const hidden = new Float64Array(height * width);
    for (let first = 0; first < places.length; first += atOnce) {
      const some = places.slice(first, first + atOnce);
      const occluded = new Uint8Array(some.length * size);
      some.forEach(({ row, column }, at) => {
        occluded.set(image, at * size);
        eachPixel(row, column, width, (pixel) => occluded.set(grey, at * size + pixel * channels));
      });
      const then = await predict(occluded);
      some.forEach(({ row, column }, at) => {
        const lost = own[classIndex] - then[at * classes + classIndex];
        eachPixel(row, column, width, (pixel) => {
          fall[pixel] += lost;
          hidden[pixel]++;
        });
      });
    }
    classIndexes[index] = classIndex;
    values.set(heatOf(fall.map((sum, pixel) => sum / hidden[pixel])), index * height * width);
  };
  await withNetwork({ graph, inferenceBatchSize: Math.min(atOnce, places.length) }, async (network) => {
    const predict: Predict = async (some) => (await network.predict(some)).probabilities;
    for (let index = 0; index < count; index++) await explain(index, predict);
  });
  return { values, classIndexes };
}

type Predict = (images: Uint8Array) => Promise<Float32Array>;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where patches lie along a side: half of each beside the one before, the last at the end. */
function patches(side: number): readonly Span[] {
  const length = Math.max(1, Math.round(side * patchShare));
  const step = Math.max(1, Math.floor(length / 2));
  const count = Math.ceil((side - length) / step) + 1;
  return Array.from({ length: count }, (_, index) => {
    const from = Math.min(index * step, side - length);
    return { from, to: from + length };
  });
}

function eachPixel(rows: Span, columns: Span, width: number, work: (pixel: number) => void): void {
  for (let row = rows.from; row < rows.to; row++)
    for (let column = columns.from; column < columns.to; column++) work(row * width + column);
}
