import {
  choice,
  flag,
  type OptionTable,
  type ResolvedOptions,
  text,
  wholeNumber,
} from "../../core/options/index.js";

/** What a file's input is. */
export type OnnxInput = "normalized" | "zero-to-one" | "bytes";

/** What a file gives. */
export type OnnxOutput = "logits" | "probabilities";

/** How images lie. */
export type OnnxImageLayout = "nchw" | "nhwc";

/** What `exportOnnx` takes beside the model. */
export interface ExportOnnxOptions {
  /**
   * What images are: "normalized" float32, (p / 255 − mean) / deviation of a pixel's byte p by the model's own
   * normalization, which the metadata tell; "zero-to-one" float32, p / 255; or uint8 "bytes". Of the latter two the
   * normalization is in the graph. Default "normalized".
   */
  readonly input?: OnnxInput | undefined;
  /** Axes of the images: "nchw", [N, C, H, W], or "nhwc". Default "nchw", of bytes "nhwc". */
  readonly imageLayout?: OnnxImageLayout | undefined;
  /**
   * Of a model of grey images: takes red, green and blue, which the graph makes grey as heddle does, by ITU-R BT.601 and
   * rounded to a byte; not of "normalized" images. Default false.
   */
  readonly fromRgb?: boolean | undefined;
  /** "logits", or "probabilities": their softmax, of several labels their sigmoids. Default "logits". */
  readonly output?: OnnxOutput | undefined;
  /** Divides the logits by the temperature that calibration found. Default false. */
  readonly calibrated?: boolean | undefined;
  /** Images of a batch. Default: any number. */
  readonly batchSize?: number | undefined;
  /** Version of ONNX's operators, from 13 to 22. Default 17. */
  readonly opset?: number | undefined;
  /**
   * For running alone: puts batch normalization into the weights of the layer before it, where it can, and leaves out
   * dropout, which does nothing in inference. Default false: an import gives the same layers again.
   */
  readonly foldBatchNorm?: boolean | undefined;
  /** Name of the input. Default "images". */
  readonly inputName?: string | undefined;
  /** Name of the output. Default: what `output` says. */
  readonly outputName?: string | undefined;
  /** Under which licence the model is given, for the metadata. */
  readonly licence?: string | undefined;
  /** What people call the model, for the metadata. */
  readonly name?: string | undefined;
  /** Of the model's file, for the metadata. */
  readonly digest?: string | undefined;
}

export const exportOnnxOptions = {
  input: {
    meaning: "what pixels are",
    kind: choice(["normalized", "zero-to-one", "bytes"]),
    default: "normalized",
  },
  imageLayout: {
    meaning: "axes of the images",
    kind: choice(["nchw", "nhwc"]),
    otherwise: "nchw, of bytes nhwc",
  },
  fromRgb: {
    meaning: "take red, green and blue, of a model of grey images",
    kind: flag(),
    default: false,
  },
  output: {
    meaning: "what the file gives",
    kind: choice(["logits", "probabilities"]),
    default: "logits",
  },
  calibrated: { meaning: "divide logits by the calibration's temperature", kind: flag(), default: false },
  batchSize: { meaning: "images of a batch", kind: wholeNumber({ from: 1 }), otherwise: "any number" },
  opset: {
    meaning: "version of ONNX's operators, 13 to 22",
    kind: wholeNumber({ from: 13, to: 22 }),
    default: 17,
  },
  foldBatchNorm: {
    meaning: "put batch normalization into the weights before it, and leave dropout out",
    kind: flag(),
    default: false,
  },
  inputName: { meaning: "name of the input", kind: text(), default: "images" },
  outputName: { meaning: "name of the output", kind: text(), otherwise: "what output says" },
  licence: { meaning: "under which licence the model is given", kind: text(), otherwise: "none is named" },
  name: { meaning: "what people call the model", kind: text(), otherwise: "none is given" },
  digest: { meaning: "of the model's file", kind: text(), otherwise: "none is given" },
} satisfies OptionTable<ExportOnnxOptions>;

export type ResolvedExportOptions = ResolvedOptions<typeof exportOnnxOptions>;

/** Axes of the images of a file. */
export const imageLayoutOf = ({ input, imageLayout }: ResolvedExportOptions): OnnxImageLayout =>
  imageLayout ?? (input === "bytes" ? "nhwc" : "nchw");
