/**
 * How a picture of any size becomes the bytes that a model takes. It travels with the model, so that a picture is
 * prepared for a prediction as those were that it was trained on.
 */
export interface PicturePreparation {
  /** Pixels, [height, width]. */
  readonly size: readonly [height: number, width: number];
  /** 1 grey, or 3 red, green and blue. */
  readonly channels: 1 | 3;
  /**
   * "crop" scales the picture until it covers the size and takes its middle; "fit" until the size holds all of it, with
   * `background` beside it; "stretch" scales its sides apart.
   */
  readonly resize: "crop" | "fit" | "stretch";
  /** Grey, 0 … 255, of what lies beside a picture and behind a transparent one. */
  readonly background: number;
}
