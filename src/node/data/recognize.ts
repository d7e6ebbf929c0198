import { HeddleError } from "../../core/errors.js";
import { listed } from "../../core/words.js";
import { NoDataError } from "../../run/moved-images.js";
import { isPictureName } from "../pictures/picture-files.js";
import type { DataKind } from "./data-kind.js";
import { SeveralKindsError } from "./kind-names.js";
import { cifarKind } from "./kinds/cifar.js";
import { fashionMnistKind } from "./kinds/fashion-mnist.js";
import { idxKind } from "./kinds/idx.js";
import { npzKind } from "./kinds/npz.js";
import { imageFolderKind, imageListKind } from "./kinds/pictures.js";
import { pixelCsvKind } from "./kinds/pixel-csv.js";
import type { Place } from "./place.js";
import { unreadWords } from "./unsupported.js";

/** All kinds of data sets that heddle reads. */
export const dataKinds: readonly DataKind[] = [
  fashionMnistKind,
  idxKind,
  npzKind,
  cifarKind,
  pixelCsvKind,
  imageFolderKind,
  imageListKind,
];

/**
 * Which kind of data set lies at a place.
 *
 * @throws HeddleError where none does, where it is of a kind that is not read, and where it could be several
 */
export async function recognize(place: Place): Promise<DataKind> {
  const found: DataKind[] = [];
  for (const kind of dataKinds) if (await kind.looksLike(place)) found.push(kind);
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    throw new SeveralKindsError(
      `${place.path} could be several kinds of data: ${listed(
        found.map(({ name, meaning }) => `${name} (${meaning})`),
        "or",
      )}. Say which kind it is, or name what you mean within it.`,
    );
  }
  const unread = unreadWords(place);
  if (unread) throw new HeddleError(unread);
  const loose = loosePictures(place);
  if (loose) throw new HeddleError(loose);
  const what = place.isFolder ? folderWords(place) : "is no file of a data set that heddle knows";
  throw new NoDataError(`${place.path} ${what}.`, kindWords());
}

/** What is said of pictures that no folder or list gives a class. */
function loosePictures({ path, isFolder, files }: Place): string | undefined {
  if (!files.some((file) => !file.includes("/") && isPictureName(file))) return undefined;
  const what = isFolder ? "holds pictures and no folders of classes" : "is a picture";
  return `${path} ${what}. Expected a folder with a folder of pictures for each class, named as the class, or a list in CSV with the columns path and label.`;
}

/** What can be given, for people who gave something else. */
const kindWords = (): string =>
  `Expected one of:\n${dataKinds.map(({ name, meaning, told }) => `  ${name}: ${meaning} (${told})`).join(";\n")}.`;

const mostShown = 5;

function folderWords({ files }: Place): string {
  if (files.length === 0) return "is a folder without files";
  const shown = files.slice(0, mostShown).map((file) => JSON.stringify(file));
  const rest = files.length > mostShown ? [`${files.length - mostShown} more`] : [];
  return `is a folder of no data set that heddle knows: it holds ${listed([...shown, ...rest])}`;
}
