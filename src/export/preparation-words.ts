import type { PicturePreparation } from "../core/data/picture-preparation.js";

const framings: Readonly<Record<PicturePreparation["resize"], string>> = {
  crop: "the middle of a picture",
  fit: "all of a picture, over a plain ground",
  stretch: "all of a picture, its sides stretched to fit",
};

/** What a model sees of a picture: "96 × 64 pixels, colour: the middle of a picture". */
export const preparationWords = ({ size: [height, width], channels, resize }: PicturePreparation): string =>
  `${width} × ${height} pixels, ${channels === 1 ? "grey" : "colour"}: ${framings[resize]}`;
