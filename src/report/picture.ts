import { encode } from "fast-png";
import type { Shape } from "../core/layers/layer.js";
import { base64 } from "./base64.js";
import { type Html, type HtmlValue, html } from "./html.js";

export interface Picture {
  /** One image's bytes, [H, W, C] in row-major order. */
  readonly pixels: Uint8Array;
  /** What it shows, for those who don't see it. */
  readonly alt: string;
  /** Lines under it. */
  readonly caption?: HtmlValue;
}

/**
 * An image as a PNG: grey for one channel, colour for three, and the first channel in grey for any other number.
 *
 * @param shape [H, W, C]
 */
export function pngOf(pixels: Uint8Array, shape: Shape): Uint8Array {
  const [height, width, channels] = shape;
  const plain = channels === 1 || channels === 3;
  const data = plain ? pixels : pixels.filter((_, index) => index % channels === 0);
  return encode({ width, height, data, depth: 8, channels: plain ? channels : 1 });
}

/** The same as a data URI. */
export const pictureUri = (pixels: Uint8Array, shape: Shape): string =>
  `data:image/png;base64,${base64(pngOf(pixels, shape))}`;

/** Pixels along a side from which a picture is looked at as it is; smaller ones are drawn larger, their pixels crisp. */
const ownSize = 64;

/**
 * Images side by side: pictures in their own size, or less where a screen is narrower, small images larger.
 *
 * @param shape [H, W, C] of every one
 */
export function pictureRow(pictures: readonly Picture[], shape: Shape): Html {
  const [height, width] = shape;
  const photos = Math.max(height, width) >= ownSize;
  const list = photos
    ? html`<ul class="pictures photos" style="--across:${width}px">`
    : html`<ul class="pictures">`;
  return html`${list}${pictures.map(
    ({ pixels, alt, caption }) =>
      html`<li><img src="${pictureUri(pixels, shape)}" width="${width}" height="${height}" alt="${alt}">${caption}</li>
`,
  )}</ul>
`;
}
