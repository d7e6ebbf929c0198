import { listed } from "#heddle/core/words.js";
import type { Machine } from "../bench/machine.js";
import type { TableFile } from "../bench/result-files.js";
import { newestBenches, readResults, type Section, tableName, vectorsOf } from "./results.js";

/** What the figures were measured on: machines, and each one's versions of Node. */
export const systemsSection: Section = () => {
  const versions = new Map<string, Set<string>>();
  const add = (
    { platform, processor, vectors }: Pick<Machine, "platform" | "processor" | "vectors">,
    nodes: readonly string[],
  ): void => {
    const [system] = platform.split(" ");
    const name = `${system[0].toUpperCase()}${system.slice(1)} on ${processor} (${vectorsOf(vectors)})`;
    versions.set(name, new Set([...(versions.get(name) ?? []), ...nodes]));
  };
  for (const { kind, result } of newestBenches())
    add({ ...result.environment, vectors: kind }, [result.environment.node]);
  for (const { file } of readResults<TableFile>(tableName)) add(file.environment, nodesOf(file));
  if (versions.size === 0) return "_Not measured yet: `npm run bench` writes the figures._";
  const systems = [...versions].map(([name, nodes]) => `${name} with Node ${listed([...nodes].sort())}`);
  return `Tested and measured: ${systems.join("; ")}.`;
};

/** A table's networks ran on several: "Node 24.21.0, 256-bit pass". */
const nodesOf = ({ rows }: TableFile): readonly string[] =>
  rows.flatMap(({ entries }) =>
    entries.flatMap(({ ours, setting }) =>
      ours ? (/^Node (?<node>[\d.]+)/.exec(setting)?.groups?.node ?? []) : [],
    ),
  );
