import type { Dataset } from "../../core/data/dataset.js";
import { functionKind, kindOfValue, type OptionTable, text, wholeNumber } from "../../core/options/index.js";
import type { StopSignal } from "../host.js";
import { type OnRunEvent, runOptions } from "../run-options.js";

/** How a run is repeated. */
export interface VerifyOptions {
  /** How many of its epochs (default: all that are recorded). */
  readonly epochs?: number | undefined;
  /** Another place where its images are found now (default: where they were). */
  readonly data?: string | undefined;
  /** The images themselves, where they are loaded already. */
  readonly dataset?: Dataset | undefined;
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number | undefined;
  /** Stops it after the current step, without a result. */
  readonly signal?: StopSignal | undefined;
  /** Told what goes on, as of a run that trains. */
  readonly onEvent?: OnRunEvent | undefined;
}

/** How a run is repeated that is known by its receipt alone. */
export interface VerifyReceiptOptions extends VerifyOptions {
  /** The model file that a run on a body began with: the `first.safetensors` of its folder. */
  readonly first?: Uint8Array | undefined;
  /** What a run with a teacher was taught: the `teacher.safetensors` of its folder. */
  readonly teacher?: Uint8Array | undefined;
}

export const verifyOptions = {
  epochs: {
    meaning: "how many of its epochs",
    kind: wholeNumber({ from: 1 }),
    otherwise: "all that are recorded",
  },
  data: {
    meaning: "where its images are now",
    kind: text(/./su, "the name of a data set or folder"),
    otherwise: "where they were",
  },
  dataset: runOptions.dataset,
  threads: runOptions.threads,
  signal: runOptions.signal,
  onEvent: { meaning: "told what goes on", kind: functionKind<OnRunEvent>(), otherwise: "nobody" },
} satisfies OptionTable<VerifyOptions>;

export const verifyReceiptOptions = {
  ...verifyOptions,
  first: {
    meaning: "the model file that a run on a body began with",
    kind: kindOfValue<Uint8Array>("a Uint8Array", (value) => value instanceof Uint8Array),
    otherwise: "none is needed",
  },
  teacher: {
    meaning: "what a run with a teacher was taught",
    kind: kindOfValue<Uint8Array>("a Uint8Array", (value) => value instanceof Uint8Array),
    otherwise: "none is needed",
  },
} satisfies OptionTable<VerifyReceiptOptions>;
