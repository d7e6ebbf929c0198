// How numbers and lists are written wherever people read them.

/** A share of one as a percentage, or a dash where there is none: 0.9312 → "93.12 %". Less than all is never 100 %. */
export const percent = (share: number | null | undefined, digits = 2): string => {
  if (!isFigure(share)) return none;
  const written = (100 * share).toFixed(digits);
  const isRoundedUp = share < 1 && Number(written) >= 100;
  return `${isRoundedUp ? (100 - Number(`1e-${digits}`)).toFixed(digits) : written} %`;
};

/** A share that somebody asked for, to the digit: 0.995 → "99.5 %". */
export const wantedPercent = (share: number): string => `${Number((100 * share).toPrecision(9))} %`;

/** 1234567 → "1,234,567". */
export const counted = (count: number): string => count.toLocaleString("en-US");

/** "1 seed", "3 seeds", "2,000 images". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${counted(count)} ${count === 1 ? one : many}`;

/** A figure, or a dash where there is none: 0.5 → "0.5000". */
export const figure = (value: number | null | undefined, digits = 4): string =>
  isFigure(value) ? value.toFixed(digits) : none;

/** What something needs or has come to, in whole MiB: "24 MiB". */
export const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2)} MiB`;

/** Memory that a machine has: "7.6 GiB". */
export const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** Words in a row: "a", "a and b", "a, b and c". */
export function listed(words: readonly string[], joint = "and"): string {
  return words.length < 2
    ? (words[0] ?? "")
    : `${words.slice(0, -1).join(", ")} ${joint} ${words[words.length - 1]}`;
}

/** A time that was measured: 12.3 s, 4 min 05 s, 2 h 03 min. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const [hours, minutes, rest] = hoursMinutesSeconds(seconds);
  return hours === 0 ? `${minutes} min ${two(rest)} s` : `${hours} h ${two(minutes)} min`;
}

/** The same where there is little room, or where it runs: 1:15, 1:01:40. */
export function clock(seconds: number): string {
  const [hours, minutes, rest] = hoursMinutesSeconds(seconds);
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`;
}

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

const none = "–";

const isFigure = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

const two = (count: number): string => String(count).padStart(2, "0");

function hoursMinutesSeconds(seconds: number): [number, number, number] {
  const whole = Math.round(seconds);
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
}
