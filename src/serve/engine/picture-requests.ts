import type { PicturePreparation } from "../../core/data/picture-preparation.js";

/** What the thread that decodes pictures is started with. */
export interface PictureWorkerData {
  /** Pixels that a picture may say it has. */
  readonly mostPixels: number;
}

/** A picture's file, and which images are to be made of it; answered with one of each. */
export interface PictureRequest {
  readonly bytes: Uint8Array;
  readonly preparations: readonly PicturePreparation[];
}
