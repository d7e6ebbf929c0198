import type { StringStringEntryProto } from "onnx-buf";
import type { Normalization } from "../core/data/dataset.js";
import { type PicturePreparation, preparationKind, preparedShape } from "../core/data/picture-preparation.js";
import { parseJson } from "../core/formats/json.js";
import type { Shape } from "../core/layers/layer.js";
import { type LossName, lossNames } from "../core/loss.js";
import { type Calibration, isCalibration } from "../core/metrics/calibrate.js";
import { choice, kindOfValue, listOf, type OptionKind, Refusal, text } from "../core/options/index.js";
import { readAs } from "../core/options/kind.js";
import { exportOnnxOptions, type OnnxImageLayout, type OnnxInput } from "./export/export-options.js";
import { normalizationKind } from "./options.js";

/** What a file that heddle exported says of its model, as far as it can be true of it. */
export interface OwnMetadata {
  readonly input?: OnnxInput;
  readonly normalization?: Normalization;
  readonly classNames?: readonly string[];
  readonly loss?: LossName;
  readonly preparation?: PicturePreparation;
  readonly calibration?: Calibration;
  /** Keys whose values are not what heddle writes there, or of another model. */
  readonly passedOver: readonly string[];
}

type Metadata = readonly Pick<StringStringEntryProto, "key" | "value">[];

const namesKind = listOf(text(/^/u), { what: "a list of names" });
const calibrationKind = kindOfValue<Calibration>("what calibrate found", isCalibration);

/** How a file's images lie, as its exporter said. */
export const ownLayout = (metadata: Metadata): OnnxImageLayout | undefined =>
  writtenAs(metadata, "image_layout", exportOnnxOptions.imageLayout.kind, String);

/** What enters it, as its exporter said. */
export const ownInput = (metadata: Metadata): OnnxInput | undefined =>
  writtenAs(metadata, "input", exportOnnxOptions.input.kind, String);

/**
 * A file's own words under the keys that `exportOnnx` writes. Whoever changed the file may have left them as they were:
 * what is of other images, or another number of classes, is passed over.
 */
export function ownMetadata(
  metadata: Metadata,
  { inputShape, classes }: { readonly inputShape: Shape; readonly classes: number },
): OwnMetadata {
  const passedOver: string[] = [];
  const own = <Value>(
    key: string,
    kind: OptionKind<Value, never>,
    { parse = parseJson, fits = () => true }: Reading<Value> = {},
  ): Value | undefined => {
    const value = writtenAs(metadata, key, kind, parse);
    if (value !== undefined && fits(value)) return value;
    if (textOf(metadata, key) !== undefined) passedOver.push(prefix + key);
    return undefined;
  };
  const [, , channels] = inputShape;
  const calibration = own("calibration", calibrationKind);
  return {
    input: own("input", exportOnnxOptions.input.kind, { parse: String }),
    normalization: own("normalization", normalizationKind, {
      fits: ({ mean, deviation }) => mean.length === channels && deviation.length === channels,
    }),
    classNames: own("class_names", namesKind, { fits: ({ length }) => length === classes }),
    loss: own("loss", choice(lossNames), { parse: String }),
    preparation: own("preparation", preparationKind, {
      fits: (preparation) => preparedShape(preparation).join() === inputShape.join(),
    }),
    // Logits that are divided by its temperature already know nothing of it.
    ...(textOf(metadata, "calibrated") === undefined && { calibration }),
    passedOver,
  };
}

interface Reading<Value> {
  /** Default: as JSON. */
  readonly parse?: (text: string) => unknown;
  readonly fits?: (value: Value) => boolean;
}

const prefix = "heddle.";

const textOf = (metadata: Metadata, key: string): string | undefined =>
  metadata.find((each) => each.key === prefix + key)?.value;

function writtenAs<Value>(
  metadata: Metadata,
  key: string,
  kind: OptionKind<Value, never>,
  parse: (text: string) => unknown,
): Value | undefined {
  const written = textOf(metadata, key);
  if (written === undefined) return undefined;
  try {
    const value = readAs(kind, parse(written));
    return value instanceof Refusal ? undefined : value;
  } catch {
    return undefined;
  }
}
