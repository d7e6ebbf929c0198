import type { Dataset } from "../../core/data/dataset.js";
import type { FitEventsOptions } from "../../core/training/fit.js";
import type { Model } from "../../core/training/model.js";
import type { RunHost } from "../host.js";
import type { Claim } from "./claim.js";
import type { ComparedParts } from "./verification.js";
import type { VerifyOptions } from "./verify-options.js";

/** What is filled in as it goes on. */
export type Changeable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A run as it is trained again. */
export interface Repetition {
  readonly claim: Claim;
  readonly model: Model;
  readonly dataset: Dataset;
  readonly fit: FitEventsOptions;
  readonly options: VerifyOptions;
  readonly host: RunHost;
  readonly compared: Changeable<ComparedParts>;
}
