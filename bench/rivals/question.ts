/** Work that a rival is asked to time, a line of JSON: what, and how it is to be set. */
export interface Question {
  readonly kind: "train" | "infer";
  readonly batch: number;
  readonly threads: number;
  /** heddle's own, where it runs in a process beside the others: a name that its benchmarks know. */
  readonly model?: string;
  /** PyTorch's and TensorFlow's; rivals in JavaScript know the Proposed CNN alone, or read a file. */
  readonly network?: NetworkDescription;
  /** PyTorch's and TensorFlow's: channels-last or channels-first. */
  readonly layout?: string;
  /** TensorFlow.js's. */
  readonly backend?: string;
  /** ONNX Runtime's: the model with heddle's weights, and heddle's images. */
  readonly files?: WorkFiles;
  /** Drops what was made ready for other questions first, so that memory tells of this one. */
  readonly fresh?: boolean;
  /** Asks for the numbers that a turn gives rather than for its time. */
  readonly outputs?: boolean;
}

/** A network as heddle describes it, so that nobody measures another one. */
export interface NetworkDescription {
  /** [H, W, C] */
  readonly inputShape: readonly number[];
  /** Each behind all that it reads; the last gives the logits. */
  readonly nodes: readonly NodeDescription[];
}

/** A layer: its options as heddle's model files have them, and what else there is to know of its place. */
export interface NodeDescription {
  readonly type: string;
  readonly name: string;
  /** The nodes that it reads; `$images` are the images. */
  readonly reads: readonly string[];
  /** Of the first that it reads: [H, W, C], [steps, features] or [features]. */
  readonly inputShape: readonly number[];
  /** Of a convolution: rows and columns of zeros above, below, left and right. */
  readonly zeros?: readonly number[];
  readonly [option: string]: unknown;
}

export interface WorkFiles {
  readonly model: string;
  /** [batch, C, H, W] and more, float32, normalized. */
  readonly images: string;
  /** [C, H, W] of one. */
  readonly imageShape: readonly number[];
}

/** A rival's first line. */
export type Hello =
  | { readonly rival: string; readonly version: string; readonly missing?: undefined }
  | { readonly missing: string };

/** Its line a question. */
export interface Answer {
  /** Milliseconds a turn. */
  readonly ms?: number;
  /** The most memory that the process has held so far; missing where the system doesn't tell. */
  readonly peakBytes?: number;
  /** Numbers that the network trains, of rivals that build it. */
  readonly parameters?: number;
  readonly outputs?: readonly number[];
  /** Why it can't. */
  readonly error?: string;
}
