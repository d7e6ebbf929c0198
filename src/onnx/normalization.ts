import type { Normalization } from "../core/data/dataset.js";
import { UsageError } from "../core/errors.js";
import { ImportError } from "./import-error.js";
import type { Importer } from "./importer.js";
import type { ResolvedImportOptions } from "./options.js";
import type { OwnMetadata } from "./own-metadata.js";
import { pixelRangeNames, pixelRanges } from "./pixel-ranges.js";
import type { Affine } from "./view.js";

/** Factors below this are for bytes: no deviation of shares of one is 16 times as large. */
const factorOfBytes = 1 / 16;

/** A mean above this is of bytes: none of shares of one is. */
const meanOfBytes = 4;

/**
 * How bytes enter a network whose input is (p / 255 − mean) / deviation, of which its first nodes make x · scale + shift:
 * both as one normalization.
 *
 * @throws UsageError where nothing says what the input is. @throws HeddleError where no normalization is both
 */
export function inputNormalization(
  { scale, shift }: Affine,
  own: Pick<OwnMetadata, "input" | "normalization">,
  { normalization: asked, source }: Pick<ResolvedImportOptions, "normalization" | "source">,
  importer: Importer,
): { readonly normalization: Normalization; readonly words: readonly string[] } {
  const channels = scale.length;
  const ownRange = own.input === "normalized" ? own.normalization : own.input;
  const normalization = asked ?? ownRange;
  const isPlain = scale.every((each) => each === 1) && shift.every((each) => each === 0);
  if (normalization === undefined && isPlain)
    throw new ImportError(
      "normalization",
      `importOnnx: nothing in ${source} says how pixels enter it. Give normalization: one of ${pixelRangeNames.join(", ")}, ` +
        "or { mean, deviation } of pixels from 0 to 1, as it was trained with.",
    );
  const isOfBytes =
    scale.every((each) => Math.abs(each) < factorOfBytes) ||
    shift.some((each, channel) => Math.abs(each) > meanOfBytes * Math.abs(scale[channel]));
  const name = normalization ?? (isOfBytes ? "bytes" : "zero-to-one");
  const given: Normalization = typeof name === "string" ? pixelRanges[name] : name;
  const [mean, deviation] = [given.mean, given.deviation].map((list) => {
    if (list.length === channels) return list;
    if (list.length === 1) return Array<number>(channels).fill(list[0]);
    throw new UsageError(
      `importOnnx: normalization has ${list.length} numbers, but the images of ${source} have ${channels === 1 ? "one channel" : `${channels} channels`}. Give one for each, or one for all.`,
    );
  });
  if (scale.some((each) => !(each > 0)))
    return importer.refuse(
      "its first nodes multiply pixels by a number that is not above 0, which no deviation does",
    );
  const made = {
    mean: mean.map((each, channel) => each - (shift[channel] * deviation[channel]) / scale[channel]),
    deviation: deviation.map((each, channel) => each / scale[channel]),
  };
  const agrees = own.normalization !== undefined && isNear(made, own.normalization);
  if (agrees && asked === undefined)
    return { normalization: own.normalization!, words: ["pixels enter as the file itself says"] };
  const words =
    normalization === undefined
      ? `pixels enter as its first nodes scale them, taken to be for ${name === "bytes" ? "bytes, 0 … 255" : "0 … 1"}`
      : `pixels enter as ${typeof name === "string" ? `"${name}"` : "given"}${isPlain ? "" : ", then as its first nodes scale them"}`;
  const contradiction = own.normalization && !agrees;
  return {
    words: contradiction
      ? [words, `the file itself says otherwise: ${inWords(own.normalization!)}`]
      : [words],
    // To the bit, where float32 rounded it; but what was given in numbers stays as it was given.
    normalization: agrees && typeof asked !== "object" ? own.normalization! : made,
  };
}

/** The same but for what float32 rounds off. */
function isNear(a: Normalization, b: Normalization): boolean {
  const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-5 * Math.max(1e-3, Math.abs(y));
  return (["mean", "deviation"] as const).every((name) =>
    a[name].every((each, channel) => near(each, b[name][channel])),
  );
}

const inWords = ({ mean, deviation }: Normalization): string =>
  `mean ${mean.join(", ")}, deviation ${deviation.join(", ")}`;
