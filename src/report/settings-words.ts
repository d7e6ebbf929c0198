import type { AugmentationConfig } from "../core/data/augmentation.js";
import type { Views } from "../core/data/views.js";

/** weightDecay → weight decay */
export const spaced = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Settings that are neither 0 nor off, which go without saying: { shift: 2, flip: true, zoom: 0 } → "shift 2, flip". */
const settingsOf = (options: object, numberWords: (value: number) => string): string[] =>
  Object.entries(options).flatMap(([key, value]) => {
    if (value === true) return [spaced(key)];
    if (typeof value === "string") return [`${spaced(key)} ${value}`];
    if (Array.isArray(value)) return [`${spaced(key)} ${value.map(numberWords).join(" to ")}`];
    return typeof value === "number" && value !== 0 ? [`${spaced(key)} ${numberWords(value)}`] : [];
  });

/** An optimizer or a schedule: { name: "sgd", momentum: 0.9, nesterov: false } → "sgd, momentum 0.9". */
export const optionWords = ({ name, ...options }: { readonly name: string }): string =>
  [name, ...settingsOf(options, (value) => String(Number(value.toPrecision(4))))].join(", ");

/** Views: "flip, shift 1". */
export const viewsWords = (views: Views): string => settingsOf(views, String).join(", ");

/** Augmentation: "flip, shift 2, crop 0.6 to 1", or "none". */
export const augmentationWords = (augmentation: AugmentationConfig | null): string =>
  settingsOf(augmentation ?? {}, (value) => String(Number(value.toPrecision(4)))).join(", ") || "none";
