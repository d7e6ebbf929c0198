import { imageFolder } from "../../pictures/image-folder.js";
import { imageList } from "../../pictures/image-list.js";
import { looksLikeImageFolder } from "../../pictures/list-folder.js";
import type { PictureOptions } from "../../pictures/picture-options.js";
import { looksLikeImageList } from "../../pictures/read-list.js";
import type { DataKind, DataOptionName } from "../data-kind.js";
import type { ResolvedLoadOptions } from "../load-options.js";

const reads: readonly DataOptionName[] = ["size", "channels", "resize", "background", "skipShare"];

export const imageFolderKind: DataKind = {
  name: "image-folder",
  meaning: "pictures in a folder a class",
  told: "folders with JPEG, PNG, WebP or AVIF files in them, or train, validation and test with such folders",
  example: "photos",
  reads,
  looksLike: ({ path, isFolder }) => isFolder && looksLikeImageFolder(path),
  load: async ({ path }, options) => ({
    dataset: await imageFolder(path, pictureOptionsOf(options)),
    sources: [],
  }),
};

export const imageListKind: DataKind = {
  name: "image-list",
  meaning: "a list of pictures with their labels",
  told: "CSV with the columns path and label, or JSON Lines of such objects",
  example: "photos/labels.csv",
  reads,
  looksLike: ({ path, isFolder }) => !isFolder && looksLikeImageList(path),
  load: async ({ path }, options) => ({
    dataset: await imageList(path, pictureOptionsOf(options)),
    sources: [],
  }),
};

/** A run's own preparation counts before what is asked for. */
function pictureOptionsOf(options: ResolvedLoadOptions): PictureOptions {
  const { size, channels, resize, background, preparation } = options;
  const { skipShare, testShare, testSeed: seed, onProgress, signal } = options;
  const asked = preparation ?? { size, channels, resize, background };
  return { ...asked, skipShare, testShare, seed, onProgress, signal };
}
