/** What a data set of pictures is made of. */
export type PicturePart = "train" | "validation" | "test";

/** A picture that is to be read. */
export interface PictureFile {
  /** From the data set's folder, with slashes: what messages and reports show. */
  readonly path: string;
  /** Its class. */
  readonly label: string;
  /** Where that is given. */
  readonly part?: PicturePart;
}

/** A file that is left out. */
export interface SkippedFile {
  /** From the data set's folder, with slashes. */
  readonly path: string;
  /** What is wrong with it, in words. */
  readonly reason: string;
}

/** The names of parts that are in use, for folders and for columns. */
const partNames: Readonly<Record<string, PicturePart>> = {
  train: "train",
  training: "train",
  validation: "validation",
  valid: "validation",
  val: "validation",
  test: "test",
  testing: "test",
};

/** The part that a name stands for, in any case; undefined for any other name. */
export function partOfName(name: string): PicturePart | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(partNames, key) ? partNames[key] : undefined;
}

/** By the name alone: whether a file is tried. What isn't read but may be meant for a picture is, for its error. */
export function isPictureName(name: string): boolean {
  return /\.(jpe?g|jpe|jfif|png|webp|avif|gif|bmp|tiff?|hei[cf]|svgz?|jxl|jp2)$/i.test(name);
}

/** Files of the system that lie in folders unasked. */
export function isHiddenName(name: string): boolean {
  return (
    name.startsWith(".") ||
    /^(thumbs\.db|desktop\.ini|__macosx|@eadir|lost\+found|system volume information|\$recycle\.bin)$/i.test(
      name,
    )
  );
}

/** Text by its code units: the same order on every machine, whatever its language. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Names of classes in their order: numbers by what they count, else by their code units. */
export function classOrder(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)];
  const numbers = distinct.every((name) => /^(0|[1-9]\d{0,8})$/.test(name));
  return distinct.sort(numbers ? (a, b) => Number(a) - Number(b) : byCodeUnit);
}
