import { UsageError } from "../core/errors.js";

/** "none", "all", or how many layers. */
export function readUnfreeze(text: string): "none" | "all" | number {
  const word = text.trim();
  if (word === "none" || word === "all") return word;
  if (/^[1-9]\d{0,5}$/u.test(word)) return Number(word);
  throw new UsageError(
    `--unfreeze got "${text}": expected none, all, or how many of the body's last layers with kernels train, such as 10.`,
  );
}
