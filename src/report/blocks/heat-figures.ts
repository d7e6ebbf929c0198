import { chosenImages } from "../../core/data/chosen-images.js";
import type { Dataset } from "../../core/data/dataset.js";
import type { HeatMaps } from "../../core/explain/explain-options.js";
import { shapeSize } from "../../core/layers/shape.js";
import { heatPicture } from "../heat-picture.js";
import { html } from "../html.js";
import type { PageSection } from "../page.js";
import { isRight, type JudgedImage, judgedImages, mistakesOf, surestFirst } from "./judged-images.js";
import { type PictureFigure, pictureFigureHtml } from "./picture-figures.js";
import type { PredictedRun } from "./roc-curves.js";

/** Heat maps of images, [N, H, W, C] as bytes, each of a class: `model.explain` of the run's best weights. */
export type ExplainImages = (images: Uint8Array, classIndex: readonly number[]) => Promise<HeatMaps>;

/** Pictures of a figure: each is explained. */
const mostPictures = 12;

/**
 * Where a run looks: its most confident mistakes, and the surest of each class that are rightly named, with heat maps of the class
 * that each is taken for. Nothing where no image was judged.
 *
 * @param names what test images are called, such as their files: [N]
 */
export async function heatSection(
  run: PredictedRun,
  { test, imageShape }: Pick<Dataset, "test" | "imageShape">,
  explain: ExplainImages,
  names?: readonly string[],
): Promise<PageSection[]> {
  const figures = heatFigures(run);
  const shown = figures.flatMap((figure) => figure.shown);
  if (shown.length === 0) return [];
  const size = shapeSize(imageShape);
  // A source gives images in any order, each as often as it is asked for.
  const images = await chosenImages(
    test.images,
    imageShape,
    Uint32Array.from(shown, ({ image }) => image),
  );
  const { height, width, values, method } = await explain(
    images,
    shown.map(({ predicted }) => predicted),
  );
  const pixels = new Map(
    shown.map(({ image }, at) => [
      image,
      heatPicture(images.subarray(at * size, (at + 1) * size), imageShape, {
        height,
        width,
        values: values.subarray(at * height * width, (at + 1) * height * width),
      }),
    ]),
  );
  const pictures = { imageShape: [imageShape[0], imageShape[1], 3], pixels, names };
  const how =
    method === "gradCam"
      ? "by Grad-CAM: from yellow to dark red, where the maps of its last convolution speak for that class."
      : "by occlusion: from yellow to dark red, where hiding a part of the picture takes most from the probability of that class.";
  return [
    {
      id: "where-it-looks",
      title: "Where it looks",
      body: html`<p>What each picture is taken for is explained ${how}</p>
${figures.filter(({ shown }) => shown.length > 0).map((figure) => pictureFigureHtml(run, figure, pictures))}`,
    },
  ];
}

function heatFigures(run: PredictedRun): readonly PictureFigure[] {
  const right = surestFirst(judgedImages(run)).filter(isRight);
  return [
    {
      id: "heat-mistakes",
      title: "The most confident mistakes, explained",
      shown: mistakesOf(run).slice(0, mostPictures),
    },
    { id: "heat-right", title: "Rightly named, explained", shown: surestOfEachClass(right) },
  ];
}

/** One of each class, the surest, as long as there is room. */
function surestOfEachClass(images: readonly JudgedImage[]): readonly JudgedImage[] {
  const seen = new Set<number>();
  return images
    .filter(({ label }) => {
      const isFirst = !seen.has(label);
      seen.add(label);
      return isFirst;
    })
    .slice(0, mostPictures)
    .toSorted((a, b) => a.label - b.label);
}
