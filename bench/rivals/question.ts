/** Work that a rival is asked to time, a line of JSON: what, and how it is to be set. */
export interface Question {
  readonly kind: "train" | "infer";
  readonly batch: number;
  readonly threads: number;
  /** PyTorch's: a name of heddle's. All others know the Proposed CNN alone. */
  readonly model?: string;
  /** PyTorch's. */
  readonly layout?: string;
  /** TensorFlow.js's. */
  readonly backend?: string;
  /** ONNX Runtime's: the model with heddle's weights, and heddle's images. */
  readonly files?: WorkFiles;
  /** Asks for the numbers that a turn gives rather than for its time. */
  readonly outputs?: boolean;
}

export interface WorkFiles {
  readonly model: string;
  /** [batch, 28, 28, 1] and more, float32, normalized. */
  readonly images: string;
}

/** A rival's first line. */
export type Hello =
  | { readonly rival: string; readonly version: string; readonly missing?: undefined }
  | { readonly missing: string };

/** Its line a question. */
export interface Answer {
  /** Milliseconds a turn. */
  readonly ms?: number;
  readonly outputs?: readonly number[];
  /** Why it can't. */
  readonly error?: string;
}
