import type { Shape } from "../../core/layers/layer.js";
import { shapeSize } from "../../core/layers/shape.js";
import { counted, percent, plural } from "../../core/words.js";
import { type Html, type HtmlValue, html } from "../html.js";
import { pictureRow } from "../picture.js";
import { isRight, type JudgedImage, judgedImages, mistakesOf, surestFirst } from "./judged-images.js";
import type { PredictedRun } from "./roc-curves.js";

/** Test images that are shown, with what was said of them. */
export interface PictureFigure {
  readonly id: string;
  readonly title: HtmlValue;
  readonly explanation?: HtmlValue;
  readonly shown: readonly JudgedImage[];
}

/** What pictures are made of. */
export interface TestPictures {
  /** [H, W, C] of every one. */
  readonly imageShape: Shape;
  /** The bytes of those that are shown, by their number among the test images. */
  readonly pixels: ReadonlyMap<number, Uint8Array>;
  /** What they are called, such as their files, where they are called anything. */
  readonly names?: readonly string[];
}

/** Bytes of the pictures of one figure, before they are packed: a page stays one that can be sent. */
const mostBytes = 2 * 1024 ** 2;

/** Pictures of one figure. */
const mostPictures = (imageShape: Shape): number =>
  Math.max(12, Math.min(30, Math.floor(mostBytes / shapeSize(imageShape))));

/** Pictures of one class, rightly named and not. */
const ofEachClass = 3;

/** Classes that are shown apart. */
const mostClasses = 20;

/**
 * The most confident mistakes: what each is, and what it was taken for.
 *
 * @param truth the class that they are to be of (default: any)
 */
export function mistakes(
  run: PredictedRun,
  imageShape: Shape,
  id = "mistakes-pictures",
  truth?: number,
): PictureFigure {
  const all = mistakesOf(run).filter(({ label }) => truth === undefined || label === truth);
  const on = truth === undefined ? "" : ` on ${run.evaluation.classes[truth].name}`;
  const shown = all.slice(0, mostPictures(imageShape));
  const many =
    shown.length === all.length
      ? counted(all.length)
      : `${shown.length} most confident of ${counted(all.length)}`;
  return {
    id,
    title: `The ${many} mistakes of ${run.name}${on}`,
    explanation:
      "Under each picture: what it is, what it was taken for, and with what probability. The surest are worth a look: perhaps it is the label that is wrong.",
    shown,
  };
}

/** Those whose class was named with the least probability, rightly or not. */
export function leastSure(run: PredictedRun, imageShape: Shape, id = "least-sure-pictures"): PictureFigure {
  const shown = surestFirst(judgedImages(run)).slice(-mostPictures(imageShape)).reverse();
  return {
    id,
    title: `The ${plural(shown.length, "picture")} of which ${run.name} is least sure`,
    explanation: "The greatest of the probabilities that it gives is smallest here.",
    shown,
  };
}

/** A figure a class: the surest of those that are rightly named, then the surest of those that are not. */
export function classPictures(run: PredictedRun, id = "class-pictures"): readonly PictureFigure[] {
  const { classes } = run.evaluation;
  const images = surestFirst(judgedImages(run));
  return classes
    .map(({ name, recall, support }, label) => ({ name, recall, support, label }))
    .filter(({ support }) => support > 0)
    .toSorted((a, b) => a.recall - b.recall || a.label - b.label)
    .slice(0, mostClasses)
    .map(({ name, recall, support, label }): PictureFigure => {
      const own = images.filter((image) => image.label === label);
      const some = (right: boolean) => own.filter((image) => isRight(image) === right).slice(0, ofEachClass);
      return {
        id: `${id}-${label + 1}`,
        title: name,
        explanation: `${percent(recall, 1)} of ${plural(support, "picture")} rightly named.`,
        shown: [...some(true), ...some(false)],
      };
    });
}

export function pictureFigureHtml(
  run: PredictedRun,
  { id, title, explanation, shown }: PictureFigure,
  { imageShape, pixels, names }: TestPictures,
): Html {
  const nameOf = (label: number): string => run.evaluation.classes[label].name;
  const pictures = shown.map((judged) => {
    const { image, label, predicted, probability } = judged;
    const taken = isRight(judged)
      ? html`<span class="taken">rightly named</span>`
      : html`<span class="taken">taken for <b>${nameOf(predicted)}</b></span>`;
    const file = names && html`<span class="file muted">${names[image]}</span>`;
    return {
      pixels: pixels.get(image)!,
      alt: `Test image ${image}: ${nameOf(label)}, ${isRight(judged) ? "rightly named" : `taken for ${nameOf(predicted)}`}`,
      caption: html`<span class="truth">${nameOf(label)}</span>${taken}<span class="muted">${percent(probability, 1)}</span>${file}`,
    };
  });
  return html`<figure class="long" id="${id}">
<figcaption><strong>${title}</strong>${explanation && html` <span>${explanation}</span>`}</figcaption>
${pictureRow(pictures, imageShape)}</figure>
`;
}
