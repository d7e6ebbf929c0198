import { HeddleError } from "../../core/errors.js";
import { plural } from "../../core/words.js";

/** A model has as much to do as it may: asked later, it answers. */
export class BusyError extends HeddleError {
  override readonly name: string = "BusyError";

  constructor(model: string, queue: number) {
    super(
      `${model} has as many images to do as it takes (${plural(queue, "image")} at most). Ask again in a moment.`,
    );
  }
}

/** More images than a model ever takes at once. */
export class TooManyImagesError extends HeddleError {
  override readonly name: string = "TooManyImagesError";

  constructor(count: number, queue: number) {
    super(
      `The request has ${plural(count, "image")}, and ${queue} are taken at most. Send them in several requests.`,
    );
  }
}
