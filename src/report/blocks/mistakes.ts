import type { Shape } from "../../core/layers/layer.js";
import { shapeSize } from "../../core/layers/shape.js";
import { predictedClasses, predictionsOf } from "../../core/metrics/predictions.js";
import { counted, percent } from "../../core/words.js";
import { type Html, html } from "../html.js";
import { pictureRow } from "../picture.js";
import type { PredictedRun } from "./roc-curves.js";

/** The images that the predictions are of. */
export interface JudgedImages {
  /** [N, H, W, C] */
  readonly images: Uint8Array;
  /** [H, W, C] */
  readonly imageShape: Shape;
}

export interface Mistake {
  /** Which of the test images. */
  readonly image: number;
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted class. */
  readonly probability: number;
  /** Of the true class. */
  readonly trueProbability: number;
}

/** All mistakes, the most confident first, equal ones in the images' order. */
export function mistakesOf({ evaluation, predictions }: PredictedRun): readonly Mistake[] {
  const classes = evaluation.classes.length;
  const { probabilities, labels } = predictions;
  const predicted = predictedClasses(predictionsOf(probabilities, labels, classes));
  const found: Mistake[] = [];
  for (const [image, label] of labels.entries()) {
    if (predicted[image] === label) continue;
    found.push({
      image,
      label,
      predicted: predicted[image],
      probability: probabilities[image * classes + predicted[image]],
      trueProbability: probabilities[image * classes + label],
    });
  }
  return found.sort((a, b) => b.probability - a.probability || a.image - b.image);
}

/** The most confident mistakes as pictures: what each is, and what it was taken for. */
export function mistakes(run: PredictedRun, judged: JudgedImages, most = 30, id = "mistakes-pictures"): Html {
  const all = mistakesOf(run);
  const shown = all.slice(0, most);
  const { images, imageShape } = judged;
  const size = shapeSize(imageShape);
  const nameOf = (label: number): string => run.evaluation.classes[label].name;
  const pictures = shown.map(({ image, label, predicted, probability }) => ({
    pixels: images.subarray(image * size, (image + 1) * size),
    alt: `Test image ${image}: ${nameOf(label)}, taken for ${nameOf(predicted)}`,
    caption: html`<span class="truth">${nameOf(label)}</span><span class="taken">taken for <b>${nameOf(predicted)}</b></span><span class="muted">${percent(probability, 1)}</span>`,
  }));
  if (shown.length === 0) return html`<p>${run.name} makes no mistake on the test images.</p>`;
  return html`<figure class="long" id="${id}">
<figcaption><strong>The ${shown.length === all.length ? counted(all.length) : `${shown.length} most confident of ${counted(all.length)}`} mistakes of ${run.name}</strong> <span>Under each picture: what it is, what it was taken for, and with what probability.</span></figcaption>
${pictureRow(pictures, imageShape)}</figure>
`;
}
