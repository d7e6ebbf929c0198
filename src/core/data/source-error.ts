import { HeddleError } from "../errors.js";

/** What a source of images failed with: what else is read of it at that moment fails too. */
export class SourceError extends HeddleError {
  override readonly name: string = "SourceError";
}
