import type { PicturePreparation } from "../picture-preparation.js";

/** A part of a picture, in its pixels, which may be cut. */
export interface SourceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which part of a picture is scaled to which size, and where that lies in the frame. */
export interface Placement {
  readonly box: SourceBox;
  /** Of what is scaled, in the frame's pixels. */
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/** Where a picture of any size goes in a frame; its sides are whole pixels, 1 or more. */
export function placement(
  width: number,
  height: number,
  { size: [frameHeight, frameWidth], resize }: Pick<PicturePreparation, "size" | "resize">,
): Placement {
  const whole = { left: 0, top: 0, width, height };
  const filled = { width: frameWidth, height: frameHeight, left: 0, top: 0 };
  if (resize === "stretch") return { box: whole, ...filled };
  if (resize === "crop") {
    const scale = Math.max(frameWidth / width, frameHeight / height);
    const [left, kept] = middle(width, frameWidth, scale);
    const [top, keptHeight] = middle(height, frameHeight, scale);
    return { box: { left, top, width: kept, height: keptHeight }, ...filled };
  }
  const held = heldSize(width, height, frameWidth, frameHeight);
  return {
    box: whole,
    ...held,
    left: Math.floor((frameWidth - held.width) / 2),
    top: Math.floor((frameHeight - held.height) / 2),
  };
}

/** What a frame shows of a scaled side: the middle by whole pixels of the frame, as sharp takes it. */
function middle(length: number, frame: number, scale: number): readonly [from: number, length: number] {
  const scaled = Math.max(frame, Math.round(length * scale));
  const before = Math.floor((scaled - frame + 1) / 2);
  return [(length - scaled / scale) / 2 + before / scale, Math.min(length, frame / scale)];
}

/** The largest size of a picture's proportions that a frame holds, 1 pixel or more a side. */
export function heldSize(
  width: number,
  height: number,
  frameWidth: number,
  frameHeight: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(frameWidth / width, frameHeight / height);
  const side = (length: number, frame: number): number =>
    Math.min(frame, Math.max(1, Math.round(length * scale)));
  return { width: side(width, frameWidth), height: side(height, frameHeight) };
}
