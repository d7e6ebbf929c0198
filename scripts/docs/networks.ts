import { medianRatio } from "#heddle/bench/interleave.js";
import { quartiles } from "#heddle/bench/measure.js";
import { tableNetworks } from "#heddle/bench/networks.js";
import { plural } from "#heddle/core/words.js";
import {
  nameOf,
  type TableEntry,
  type TableFile,
  type TableRow,
  type TableWork,
} from "../bench/result-files.js";
import { markdownTable, milliseconds, readResults, type Section, tableName, vectorsOf } from "./results.js";

/** A results file of the table of networks. */
export interface NamedTable {
  readonly name: string;
  readonly file: TableFile;
}

/** A row, and the file that it is from. */
interface Measured extends TableRow {
  readonly from: NamedTable;
}

const works: readonly (readonly [TableWork, string])[] = [
  ["train", "training step"],
  ["infer", "inference"],
  ["single", "one image"],
];

/** Every network of the table beside its rivals, of each kind of processor. */
export const networksSection: Section = (root) => networkTables(readResults<TableFile>(tableName), root);

/**
 * The newest figures of each processor, network, work and number of threads: a file needn't have all of them.
 *
 * @param files the oldest first
 */
export function networkTables(files: readonly NamedTable[], root: string): string {
  const machines = rowsByMachine(files);
  if (machines.size === 0)
    return "_Not measured yet: `node dist/scripts/bench/table.js` writes the figures._";
  return [...machines].map(([machine, rows]) => machineTables(machine, rows, root)).join("\n\n");
}

/** How many of a machine's networks train slower than in their fastest rival. */
export interface SlowerNetworks {
  readonly machine: string;
  readonly slower: number;
  readonly compared: number;
}

/**
 * The machine on which the most networks train slower than in their fastest rival, of those whose rivals were held to
 * nothing.
 *
 * @param setting heddle's, whatever the version
 */
export function mostSlower(files: readonly NamedTable[], setting: RegExp): SlowerNetworks | undefined {
  const free = files.filter(({ file }) => !file.rivalVectors);
  const machines = [...rowsByMachine(free)].map(([machine, rows]): SlowerNetworks => {
    const times = rows
      .filter(({ work }) => work === "train")
      .flatMap((row) => {
        const own = row.entries.find((entry) => entry.ours && setting.test(entry.setting));
        return (own && timesAsFast(row, own.setting)) ?? [];
      });
    return { machine, slower: times.filter((each) => each < 1).length, compared: times.length };
  });
  return machines
    .filter(({ compared }) => compared > 0)
    .sort((a, b) => b.slower / b.compared - a.slower / a.compared)[0];
}

function rowsByMachine(files: readonly NamedTable[]): ReadonlyMap<string, readonly Measured[]> {
  const machines = new Map<string, Map<string, Measured>>();
  for (const from of files) {
    const { processor, vectors } = from.file.environment;
    const held = from.file.rivalVectors;
    const machine = `${processor} (${vectorsOf(vectors)})${held ? `, rivals held to ${vectorsOf(held)}` : ""}`;
    const rows = machines.get(machine) ?? new Map<string, Measured>();
    for (const row of from.file.rows) rows.set(`${row.work} ${row.network} ${row.threads}`, { ...row, from });
    machines.set(machine, rows);
  }
  return new Map([...machines].map(([machine, rows]) => [machine, [...rows.values()]]));
}

function machineTables(machine: string, rows: readonly Measured[], root: string): string {
  const settings = [
    ...new Set(
      rows.flatMap(({ entries }) => entries.filter(({ ours }) => ours).map(({ setting }) => setting)),
    ),
  ].sort();
  const counts = [...new Set(rows.map(({ threads }) => threads))].sort((a, b) => b - a);
  const parts = works.flatMap(([work, words]) =>
    counts.flatMap((count) => {
      const own = tableNetworks.flatMap(({ name }) =>
        rows.filter((row) => row.work === work && row.threads === count && row.network === name),
      );
      return own.length === 0 ? [] : [workTable(words, own, settings), slower(words, own, settings)];
    }),
  );
  const files = [...new Set(rows.map(({ from }) => from))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const sources = files.map(({ name, file }) => `\`${file.command}\` → [${name}](${root}results/${name})`);
  const together = rows.some(
    ({ work, from: { file } }) =>
      work === "train" && !file.processPerRow && file.rows.some((row) => row.work === "infer"),
  );
  const memory = together ? " A training step's memory is of a process that had predicted before." : "";
  return [
    `${machine}:`,
    ...parts,
    ...notMeasured(files, rows),
    `${sources.join("; ")}, with the raw rounds.${memory}`,
  ].join("\n\n");
}

/** Who couldn't do some rows, and why: a line each; what another file has measured is none of them. */
function notMeasured(files: readonly NamedTable[], rows: readonly Measured[]): string[] {
  const measured = new Set(
    rows.flatMap(({ network, work, entries }) =>
      entries.map(({ name, setting }) => nameOf(network, work, name, setting)),
    ),
  );
  const all = files.flatMap(({ file }) => file.skipped.filter(({ what }) => !measured.has(what)));
  const whoOf = (what: string): string => what.replace(/^[^,]+, (?:train|infer|single), /, "");
  const lines = [...new Set(all.map(({ what }) => whoOf(what)))].map((who) => {
    const own = all.filter(({ what }) => whoOf(what) === who);
    // TensorFlow begins with the place in its graph, and ends before what its first line announces.
    const whys = new Set(own.map(({ why }) => why.replace(/^\{\{.*?\}\} /, "").replace(/:$/, "")));
    const where = own.some(({ what }) => what === who) ? "" : `, in ${plural(own.length, "row")}`;
    return `- not measured: ${who}${where} (${[...whys].join("; ")})`;
  });
  return lines.length === 0 ? [] : [lines.join("\n")];
}

const medianOf = ({ rounds }: TableEntry): number => quartiles(rounds).median;

/** The fastest rival that took part in the rounds. */
function fastestRival({ entries }: TableRow): TableEntry | undefined {
  return entries
    .filter(({ ours, rounds }) => !ours && rounds.length > 0)
    .sort((a, b) => medianOf(a) - medianOf(b))[0];
}

const entryOf = ({ entries }: TableRow, setting: string): TableEntry | undefined =>
  entries.find((entry) => entry.ours && entry.setting === setting && entry.rounds.length > 0);

/** How many times as fast as the fastest rival heddle is in a setting; undefined where one of them is missing. */
function timesAsFast(row: TableRow, setting: string): number | undefined {
  const [own, rival] = [entryOf(row, setting), fastestRival(row)];
  return own && rival && 1 / medianRatio(own.rounds, rival.rounds);
}

const megabytes = ({ peakBytes }: TableEntry): string =>
  peakBytes === null ? "?" : String(Math.round(peakBytes / 1e6));

function workTable(words: string, rows: readonly TableRow[], settings: readonly string[]): string {
  // In the rows of one image a process keeps what it has of other networks, so its memory tells nothing.
  const memory = rows[0].work !== "single";
  const head = [
    words,
    "batch",
    ...settings.flatMap((setting) => [`heddle, ${setting}, ms`, "times as fast"]),
    "fastest rival",
    "ms",
    ...(memory ? ["memory, MB"] : []),
  ];
  const cells = rows.map((row) => {
    const rival = fastestRival(row);
    const own = settings.map((setting) => entryOf(row, setting));
    const held = own.map((entry) => (entry ? megabytes(entry) : ""));
    return [
      tableNetworks.find(({ name }) => name === row.network)!.title,
      String(row.batch),
      ...settings.flatMap((setting, index) => {
        const entry = own[index];
        const times = timesAsFast(row, setting);
        return [entry ? milliseconds(medianOf(entry)) : "", times ? `${times.toFixed(2)} ×` : ""];
      }),
      rival ? [rival.name, rival.setting].filter((part) => part !== "").join(", ") : "",
      rival ? milliseconds(medianOf(rival)) : "",
      ...(memory ? [[...held, rival ? megabytes(rival) : ""].join(" / ")] : []),
    ];
  });
  const caption = `${words[0].toUpperCase()}${words.slice(1)}, ${plural(rows[0].threads, "thread")}:`;
  return `${caption}\n\n${markdownTable(head, cells)}`;
}

/** Where heddle loses, setting by setting. */
function slower(words: string, rows: readonly TableRow[], settings: readonly string[]): string {
  const lines = settings.flatMap((setting) => {
    const compared = rows.flatMap((row) => {
      const times = timesAsFast(row, setting);
      return times === undefined ? [] : [{ row, times }];
    });
    if (compared.length === 0) return [];
    const lost = compared.filter(({ times }) => times < 1).sort((a, b) => a.times - b.times);
    const title = ({ network }: TableRow) => tableNetworks.find(({ name }) => name === network)!.title;
    const list = lost.map(({ row, times }) => `${title(row)} (${times.toFixed(2)} ×)`).join(", ");
    const where = lost.length === 0 ? "nowhere" : `in ${lost.length} of ${compared.length}: ${list}`;
    return [`- ${words}, ${setting}: slower than the fastest rival ${where}.`];
  });
  return lines.join("\n");
}
