import type { MonitoredFigure } from "../../core/schedules/improvement.js";
import { figure, percent } from "../../core/words.js";
import { figureOf } from "../score.js";
import type { Json, Settings } from "../settings.js";

/** What is optimized, as people call it and as charts draw it. */
export interface ScoreWords {
  /** `validation accuracy` */
  readonly name: string;
  /** A score as people read it: `91.23 %`. */
  text(score: number): string;
  /** A score as charts have it. */
  value(score: number): number;
  readonly unit?: string;
  /** `highest` */
  readonly best: string;
}

const words: Readonly<Record<MonitoredFigure, ScoreWords>> = {
  validationAccuracy: {
    name: "validation accuracy",
    text: (score) => percent(score),
    value: (score) => 100 * score,
    unit: "%",
    best: "highest",
  },
  validationLoss: {
    name: "validation loss",
    text: (score) => figure(figureOf(score, "validationLoss")),
    value: (score) => figureOf(score, "validationLoss"),
    best: "lowest",
  },
};

export const scoreWords = (optimize: MonitoredFigure): ScoreWords => words[optimize];

/** A setting's value: `0.001`, `flip`, `{"name":"muon"}` as `muon`, `none`. */
export function valueWords(value: Json | undefined): string {
  if (value === undefined) return "–";
  if (value === null) return "none";
  if (typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map((each) => valueWords(each as Json)).join(", ");
  const { name, ...options } = value as Settings;
  const others = Object.entries(options).map(([option, each]) => `${option} ${valueWords(each)}`);
  return [...(typeof name === "string" ? [name] : []), ...others].join(", ") || "none";
}

/** A path without what goes without saying: `schedule.learningRate` → `learningRate`. */
export function pathNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const last = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
  const isAlone = (path: string): boolean => paths.filter((other) => last(other) === last(path)).length === 1;
  return new Map(paths.map((path) => [path, isAlone(path) ? last(path) : path]));
}
