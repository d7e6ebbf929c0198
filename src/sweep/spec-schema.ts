import * as z from "zod";
import { isRecord } from "../core/formats/json.js";
import { nearestName, received } from "../core/options/index.js";
import { monitoredFigures } from "../core/schedules/improvement.js";
import { maximumThreads } from "../core/training/compile.js";
import { listed } from "../core/words.js";
import { mostConfigurations } from "./configurations.js";
import { sweepKinds } from "./sweep-spec.js";

const whole = (from: number, to = Number.MAX_SAFE_INTEGER) => {
  const words =
    to < Number.MAX_SAFE_INTEGER
      ? `a whole number from ${from} to ${to}`
      : `a whole number of ${from} or more`;
  return z.int(words).min(from, words).max(to, words);
};
const positive = z.number("a number above 0").positive("a number above 0");
const settings = z.record(z.string(), z.json(), "settings by name, such as { model: proposed }");

const range = z.strictObject(
  {
    from: z.number("a number"),
    to: z.number("a number"),
    scale: z.enum(["linear", "log"], "linear or log").default("linear"),
    whole: z.boolean("true or false").default(false),
    steps: whole(2).optional(),
  },
  "a list of values, or a range such as { from: 0.001, to: 0.1, scale: log }",
);

const dimension = z.union(
  [z.array(z.json()).min(1, "a list with a value at least"), range],
  "a list of values, or a range such as { from: 0.001, to: 0.1, scale: log }",
);

/** Of files and of folders. */
const nameWords = "a name of letters, digits, points, hyphens and underscores, 64 at most";

const entry = z.strictObject(
  {
    name: z.string(nameWords).regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, nameWords),
    settings: settings.default({}),
  },
  "a trial such as { name: gentle, settings: { labelSmoothing: 0 } }",
);

/** A specification as it is written; what an expected value is stands for zod's own words. */
export const specSchema = z.strictObject(
  {
    kind: z.enum(sweepKinds, listed(sweepKinds, "or")),
    base: settings.default({}),
    vary: z.record(z.string(), dimension, "settings by name, each with what it takes in turn").optional(),
    trials: z.array(entry, "a list of trials").min(1, "a list with a trial at least").optional(),
    seeds: z
      .array(whole(0), "a list of seeds, such as [1, 2, 3]")
      .min(1, "a list with a seed at least")
      .optional(),
    seed: whole(0).default(1),
    optimize: z.enum(monitoredFigures, listed(monitoredFigures, "or")).default("validationAccuracy"),
    parallel: whole(1, maximumThreads).optional(),
    budget: z
      .strictObject(
        {
          trials: whole(1, mostConfigurations).optional(),
          epochs: whole(1).optional(),
          minutes: positive.optional(),
        },
        "limits such as { trials: 20, epochs: 300, minutes: 60 }",
      )
      .default({}),
    halving: z
      .strictObject(
        { from: whole(1).default(1), factor: whole(2).default(3) },
        "what the rounds are, such as { from: 1, factor: 3 }",
      )
      .optional(),
  },
  "a sweep: its kind, base and what to vary",
);

/** What stands at a place of the specification. */
const namesAt = ([first, second]: readonly PropertyKey[]): readonly string[] => {
  if (first === "budget") return ["trials", "epochs", "minutes"];
  if (first === "halving") return ["from", "factor"];
  if (first === "vary" && second !== undefined) return Object.keys(range.shape);
  if (first === "trials") return Object.keys(entry.shape);
  return Object.keys(specSchema.shape);
};

/** The words of what zod found, in the manner of the options' own. */
export function issueWords(
  issue: z.core.$ZodIssue,
  spec: unknown,
): { path: readonly PropertyKey[]; words: string } {
  const { path } = issue;
  const value = path.reduce<unknown>(
    (outer, part) => (isRecord(outer) || Array.isArray(outer) ? outer[part as never] : undefined),
    spec,
  );
  if (issue.code === "unrecognized_keys")
    return { path: [...path, issue.keys[0]], words: unknownWords(issue.keys[0], namesAt(path)) };
  if (issue.code === "invalid_union") {
    const inner = issue.errors.find(
      ([first]) => first && (first.path.length > 0 || first.code !== "invalid_type"),
    );
    if (inner && (isRecord(value) || Array.isArray(value)))
      return issueWords({ ...inner[0], path: [...path, ...inner[0].path] }, spec);
  }
  const expected = issue.message;
  const meant =
    issue.code === "invalid_value" && typeof value === "string"
      ? nearestName(value, issue.values.map(String))
      : undefined;
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  return { path, words: `must be ${expected}, but is ${received(value)}.${hint}` };
}

export function unknownWords(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `is nothing that is known there.${nearest === undefined ? "" : ` Did you mean ${nearest}?`} Expected: ${listed(known)}.`;
}
