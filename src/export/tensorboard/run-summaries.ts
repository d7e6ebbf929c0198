import { chosenImages } from "../../core/data/chosen-images.js";
import type { Dataset } from "../../core/data/dataset.js";
import type { Shape } from "../../core/layers/layer.js";
import { shapeSize } from "../../core/layers/shape.js";
import type { EpochRecord } from "../../core/training/events.js";
import { percent } from "../../core/words.js";
import { mistakesOf } from "../../report/blocks/judged-images.js";
import type { PredictedRun } from "../../report/blocks/roc-curves.js";
import { settingsTable } from "../../report/blocks/run-tables.js";
import { pngOf } from "../../report/picture.js";
import type { RunConfig } from "../../run/run-config.js";
import { markdownTable } from "../card/markdown.js";
import { confusionPicture } from "./confusion-picture.js";
import type { SummaryImage, SummaryValue } from "./event-file.js";

/** The worst mistakes that are shown. */
const mostMistakes = 24;

/** Of more classes a table of every one against every other is not read. */
const mostClassesInTable = 50;

/** What an epoch came to. Validation figures are not numbers where nothing validates. */
export const epochValues = (epoch: EpochRecord): SummaryValue[] => [
  { tag: "loss/train", number: epoch.trainLoss },
  { tag: "loss/validation", number: epoch.validationLoss },
  { tag: "accuracy/train", number: epoch.trainAccuracy },
  { tag: "accuracy/validation", number: epoch.validationAccuracy },
  { tag: "learning_rate", number: epoch.learningRate },
  { tag: "epoch_seconds", number: epoch.seconds },
];

/** Everything that decides a run's result. */
export const settingsValue = (name: string, config: RunConfig): SummaryValue => ({
  tag: "settings",
  text: markdownTable(settingsTable([{ name, config, history: [] }])),
});

/** How good its best weights are on the test images: figures, the confusion matrix, and the worst mistakes as pictures. */
export async function judgedValues(
  run: PredictedRun,
  { test, imageShape }: Dataset,
): Promise<SummaryValue[]> {
  const { accuracy, loss, confusion, classes } = run.evaluation;
  const shown = mistakesOf(run).slice(0, mostMistakes);
  const images = await chosenImages(
    test.images,
    imageShape,
    Uint32Array.from(shown, ({ image }) => image),
  );
  const size = shapeSize(imageShape);
  const nameOf = (label: number): string => classes[label].name;
  return [
    { tag: "test/accuracy", number: accuracy },
    { tag: "test/loss", number: loss },
    ...(confusion.length > 0 ? [{ tag: "confusion/matrix", image: confusionPicture(confusion) }] : []),
    ...(confusion.length > 0 && confusion.length <= mostClassesInTable
      ? [
          {
            tag: "confusion/table",
            text: confusionTable(
              confusion,
              classes.map(({ name }) => name),
            ),
          },
        ]
      : []),
    ...shown.map(({ label, predicted, probability }, index) => ({
      tag: `mistakes/${String(index + 1).padStart(2, "0")} ${nameOf(label)} taken for ${nameOf(predicted)}, ${percent(probability, 1)}`,
      image: enlarged(images.subarray(index * size, (index + 1) * size), imageShape),
    })),
  ];
}

const confusionTable = (confusion: readonly (readonly number[])[], names: readonly string[]): string =>
  markdownTable({
    id: "confusion",
    title: "Confusion matrix",
    columns: [{ title: "is, taken for" }, ...names.map((title) => ({ title, numeric: true }))],
    rows: confusion.map((row, truth) => [names[truth], ...row.map(String)]),
  });

/** Pixels along a side from which an image can be looked at. */
const wantedSide = 96;

/** An image with its pixels made larger, where it is small. */
function enlarged(pixels: Uint8Array, [height, width, channels]: Shape): SummaryImage {
  const scale = Math.max(1, Math.floor(wantedSide / Math.max(height, width)));
  const [tall, wide] = [height * scale, width * scale];
  const large = new Uint8Array(tall * wide * channels);
  for (let y = 0, to = 0; y < tall; y++)
    for (let x = 0; x < wide; x++, to += channels) {
      const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
      large.set(pixels.subarray(from, from + channels), to);
    }
  return { height: tall, width: wide, png: pngOf(large, [tall, wide, channels]) };
}
