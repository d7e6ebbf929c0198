// Who takes part in the table of networks, each setting in a process of its own.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Question } from "../../bench/rivals/question.js";
import { type MissingRival, type Rival, type RivalName, startProcess, startRival } from "./rival-process.js";

export const tableRivals = ["pytorch", "keras", "onnxruntime"] as const satisfies RivalName[];

/** heddle or a rival in one of its settings. */
export interface Contestant {
  readonly kind: "heddle" | (typeof tableRivals)[number];
  readonly setting: string;
  /** What its questions say besides the work. */
  readonly question: Pick<Question, "layout">;
  start(): Promise<Rival | MissingRival>;
}

/** A Node to run heddle on. */
export interface Engine {
  /** The program. */
  readonly node: string;
  /** Whether vectors are widened to 256 bits, by V8's pass. */
  readonly wide: boolean;
  readonly setting: string;
}

/** Where `npm ci --prefix scripts/newer-nodes` puts its Node. */
export const newerNode = fileURLToPath(
  new URL("../../../scripts/newer-nodes/node_modules/node24/bin/node", import.meta.url),
);

/**
 * This Node, and a newer one with V8's pass.
 *
 * @param newer the newer one's program; left out where it isn't there
 * @param plain the newer one without the pass too
 */
export function engines(newer: string, plain: boolean): readonly Engine[] {
  const own = { node: process.execPath, wide: false, setting: `Node ${process.versions.node}` };
  if (!existsSync(newer)) return [own];
  const version = execFileSync(newer, ["-p", "process.versions.node"], { encoding: "utf8" }).trim();
  const other = { node: newer, wide: false, setting: `Node ${version}` };
  return [
    own,
    ...(plain ? [other] : []),
    { ...other, wide: true, setting: `${other.setting}, 256-bit pass` },
  ];
}

const heddle = ({ node, wide, setting }: Engine): Contestant => ({
  kind: "heddle",
  setting,
  question: {},
  start: () =>
    startProcess([node, fileURLToPath(new URL("heddle.js", import.meta.url)), ...(wide ? ["--wide"] : [])]),
});

const layouts = ["channels-last", "channels-first"];

/** All that take part in the rows of one network. @param images whether layers read images, which lie in one of two ways */
export function contestants(
  own: readonly Engine[],
  rivals: readonly string[],
  images: boolean,
): readonly Contestant[] {
  return [
    ...own.map(heddle),
    ...tableRivals
      .filter((kind) => rivals.includes(kind))
      .flatMap((kind): Contestant[] => {
        const start = () => startRival(kind);
        if (kind === "onnxruntime") return [{ kind, setting: "", question: {}, start }];
        return (images ? layouts : layouts.slice(0, 1)).map((layout) => ({
          kind,
          setting: images ? layout : "",
          question: { layout },
          start,
        }));
      }),
  ];
}
