import { isRecord } from "#heddle/core/formats/json.js";
import { sha256 } from "#heddle/core/formats/sha256.js";
import type { Random } from "#heddle/core/random.js";
import { canonical } from "#heddle/core/training/checkpoint.js";
import { configText } from "#heddle/run/receipt/receipt.js";

/** What nobody writes, and what somebody will. */
const strange: readonly unknown[] = [
  null,
  true,
  "",
  "\u0000\u001b[2J",
  "x".repeat(300),
  "__proto__",
  0,
  -1,
  0.5,
  1e308,
  2 ** 31,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  { type: "dense", name: "d" },
  { name: "adam" },
  "0".repeat(64),
];

/** A list or an object somewhere in a value; the deeper ones are as likely as the others. */
function somewhere(value: object, random: Random): Record<string, unknown> {
  const parts = Object.values(value).filter((each) => typeof each === "object" && each !== null);
  if (parts.length === 0 || random.below(3) === 0) return value as Record<string, unknown>;
  return somewhere(parts[random.below(parts.length)], random);
}

function mutate(json: object, random: Random): void {
  const place = somewhere(json, random);
  const keys = Object.keys(place);
  const key = keys[random.below(Math.max(1, keys.length))] ?? "more";
  const value = structuredClone(strange[random.below(strange.length)]);
  switch (random.below(5)) {
    case 0:
      if (Array.isArray(place)) place.splice(Number(key) || 0, 1);
      else delete place[key];
      break;
    case 1:
      place[`more${random.below(9)}`] = value;
      break;
    case 2:
      place[key] = structuredClone(place);
      break;
    case 3:
      if (typeof place[key] === "number") place[key] += random.below(2) ? 1 : -0.25;
      else place[key] = [place[key]];
      break;
    default:
      place[key] = value;
  }
}

/** A receipt that somebody changed, and perhaps knew how to seal again. */
export function hostileReceipt(text: string, random: Random): string {
  if (random.below(4) === 0) {
    const place = random.below(text.length);
    const piece = text.slice(place, place + random.below(40));
    return text.slice(0, place) + piece.repeat(random.below(4)) + text.slice(place + random.below(9));
  }
  const { digest: _, ...json } = JSON.parse(text) as Record<string, unknown>;
  for (let changes = random.below(3); changes >= 0; changes--) mutate(json, random);
  if (isRecord(json.config) && random.below(8) > 0) json.configDigest = sha256(configText(json.config));
  return JSON.stringify({ ...json, digest: sha256(canonical(json)) });
}
