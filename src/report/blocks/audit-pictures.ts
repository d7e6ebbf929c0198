import type { Audit } from "../../core/audit/audit.js";
import { type DuplicateGroup, isLeak } from "../../core/audit/duplicate-groups.js";
import type { LabelError } from "../../core/audit/label-errors.js";
import type { Oddity, OddOne } from "../../core/audit/odd-ones.js";
import { type PartName, placeOf } from "../../core/audit/pooled.js";
import { thumbnailsOf } from "../../core/data/duplicates/thumbnails.js";
import { shapeSize } from "../../core/layers/shape.js";
import { figure, percent } from "../../core/words.js";
import { type Html, type HtmlValue, html } from "../html.js";
import { pictureUri } from "../picture.js";

/** Where pictures came from: of each part whose files are known, one an image. */
export type AuditFiles = Partial<Readonly<Record<PartName, readonly string[]>>>;

/** An audit, and the files of its pictures where they are known. */
export interface AuditedPictures {
  readonly audit: Audit;
  readonly files: AuditFiles;
}

/** Pixels of a side at most that a page carries. */
const pictureSide = 112;

/** From here on pictures are shown smooth, not as pixels. */
const smoothFrom = 48;

const partWords: Readonly<Record<PartName, string>> = {
  train: "training",
  validation: "validation",
  test: "test",
};

/** "training 17", or the name of its file below the part. */
function placeWords({ audit, files }: AuditedPictures, image: number): string {
  const { part, index } = placeOf(audit.pool, image);
  const file = files[part]?.[index];
  return file ?? `${partWords[part]} ${index}`;
}

function picture(pictures: AuditedPictures, image: number, caption: HtmlValue, words: string): Html {
  const { images, shape } = pictures.audit.pool;
  const size = shapeSize(shape);
  const small = thumbnailsOf(images.subarray(image * size, (image + 1) * size), 1, shape, pictureSide);
  const [height, width] = small.shape;
  const smooth = Math.min(shape[0], shape[1]) >= smoothFrom;
  return html`<li${smooth && html` class="smooth"`}><img src="${pictureUri(small.pixels, small.shape)}" width="${width}" height="${height}" alt="${words}">${caption}</li>
`;
}

/** Labels that are likely wrong: each picture with what it is labelled, and what fits better. */
export function suspectPictures(pictures: AuditedPictures, errors: readonly LabelError[]): Html {
  const nameOf = (label: number): string => pictures.audit.pool.classNames[label];
  return html`<ul class="pictures">${errors.map(
    ({ image, label, suggestion, labelProbability, probability }) => {
      const place = placeWords(pictures, image);
      const caption = html`<span>${nameOf(label)} <span class="muted">${percent(labelProbability, 1)}</span></span><span>rather <b>${nameOf(suggestion)}</b> <span class="muted">${percent(probability, 1)}</span></span><span class="muted">${place}</span>`;
      return picture(
        pictures,
        image,
        caption,
        `${place}: labelled ${nameOf(label)}, rather ${nameOf(suggestion)}`,
      );
    },
  )}</ul>
`;
}

/** Groups of one picture each, their images side by side. */
export function duplicatePictures(
  pictures: AuditedPictures,
  groups: readonly DuplicateGroup[],
  most = 6,
): Html {
  const { labels, classNames } = pictures.audit.pool;
  return html`<ul class="sets">${groups.map((group) => {
    const shown = group.images.slice(0, most);
    const words = [
      group.exact ? "the same bytes" : `distance ${figure(group.distance, 3)}`,
      isLeak(group) && group.parts.map((part) => partWords[part]).join(" and "),
      shown.length < group.images.length && `${group.images.length} in all`,
    ].filter(Boolean);
    return html`<li><ul class="pictures">${shown.map((image) => {
      const name = classNames[labels[image]];
      const place = placeWords(pictures, image);
      const label = group.conflicting ? html`<b>${name}</b>` : name;
      return picture(
        pictures,
        image,
        html`<span>${label}</span><span class="muted">${place}</span>`,
        `${place}: ${name}`,
      );
    })}</ul>
<p class="muted">${words.join(", ")}</p></li>
`;
  })}</ul>
`;
}

/** What each oddity is called over its pictures. */
export const oddityWords: Readonly<Record<Oddity, string>> = {
  oneColour: "All of one colour",
  dark: "Almost black",
  bright: "Almost white",
  unlike: "Like no other",
};

export function oddPictures(pictures: AuditedPictures, oddOnes: readonly OddOne[]): Html {
  const { labels, classNames } = pictures.audit.pool;
  return html`<ul class="pictures">${oddOnes.map(({ image }) => {
    const name = classNames[labels[image]];
    const place = placeWords(pictures, image);
    return picture(
      pictures,
      image,
      html`<span>${name}</span><span class="muted">${place}</span>`,
      `${place}: ${name}`,
    );
  })}</ul>
`;
}
