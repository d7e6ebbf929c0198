import { csvNameCell } from "../csv-cell.js";
import type { Audit } from "./audit.js";
import { isLeak } from "./duplicate-groups.js";
import type { Oddity } from "./odd-ones.js";
import { type PartName, placeOf } from "./pooled.js";

/** What one image was found out to be. */
export type FindingKind = "label" | "duplicate" | Oddity;

/** One row of what an audit found. */
export interface Finding {
  readonly kind: FindingKind;
  readonly part: PartName;
  /** Within the part, from 0. */
  readonly index: number;
  /** Where the picture's file is known. */
  readonly file?: string;
  readonly label: string;
  /** Of a label that is likely wrong: the class that fits better. */
  readonly suggestion?: string;
  /**
   * Of a label its probability, 0 … 1, lower is likelier wrong; of a duplicate the distance that joins its group, 0 for the same
   * bytes; of an odd one its score.
   */
  readonly score: number;
  /** Of duplicates, the number of their group, from 1. */
  readonly group?: number;
  /** Of a duplicate, whether its group is in several parts, and whether it has several labels. */
  readonly leak?: boolean;
  readonly conflicting?: boolean;
}

/** All that an audit found, a row an image: labels, the likeliest wrong first, then duplicates, then odd ones. */
export function auditFindings(
  { pool, labelErrors, duplicates, oddOnes }: Audit,
  files: Partial<Readonly<Record<PartName, readonly string[]>>> = {},
): readonly Finding[] {
  const nameOf = (label: number): string => pool.classNames[label];
  const imageOf = (image: number) => {
    const place = placeOf(pool, image);
    const file = files[place.part]?.[place.index];
    return { ...place, ...(file !== undefined && { file }), label: nameOf(pool.labels[image]) };
  };
  return [
    ...labelErrors.errors.map(
      ({ image, suggestion, labelProbability }): Finding => ({
        kind: "label",
        ...imageOf(image),
        suggestion: nameOf(suggestion),
        score: labelProbability,
      }),
    ),
    ...duplicates.flatMap((group, index) =>
      group.images.map(
        (image): Finding => ({
          kind: "duplicate",
          ...imageOf(image),
          score: group.distance,
          group: index + 1,
          leak: isLeak(group),
          conflicting: group.conflicting,
        }),
      ),
    ),
    ...oddOnes.map(({ image, kind, score }): Finding => ({ kind, ...imageOf(image), score })),
  ];
}

const columns = [
  "kind",
  "part",
  "index",
  "file",
  "label",
  "suggestion",
  "score",
  "group",
  "leak",
  "conflicting",
] as const satisfies readonly (keyof Finding)[];

/** The findings as the lines of a CSV table (RFC 4180), without line ends. */
export function findingsCsv(findings: readonly Finding[]): string[] {
  const rows = findings.map((finding) => columns.map((column) => cell(finding[column])).join(","));
  return [columns.join(","), ...rows];
}

function cell(value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toPrecision(6);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return csvNameCell(value);
}
