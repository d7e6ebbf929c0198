/** The lowest address from `start` on where so many bytes lie beside all of these. */
export function lowestGap(
  taken: readonly { readonly from: number; readonly to: number }[],
  start: number,
  bytes: number,
): number {
  let at = start;
  for (const { from, to } of [...taken].sort((a, b) => a.from - b.from)) {
    if (at + bytes <= from) return at;
    at = Math.max(at, to);
  }
  return at;
}
