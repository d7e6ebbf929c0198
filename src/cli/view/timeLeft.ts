/**
 * A guess at a time, as rough as it is: `about 3 h 20 min`, `about 4 min`, `less than a minute`.
 *
 * @param seconds undefined where nothing is known yet
 */
export function aboutTime(seconds: number | undefined): string {
  if (seconds === undefined) return "time unknown before the first epoch";
  if (seconds < 60) return "less than a minute";
  const step = seconds < 36_000 ? 1 : 10;
  const minutes = Math.round(seconds / 60 / step) * step;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `about ${minutes} min`;
  return minutes % 60 === 0 ? `about ${hours} h` : `about ${hours} h ${minutes % 60} min`;
}
