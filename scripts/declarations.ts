// What a package's entry point gives, read from the declarations that the compiler wrote: each name with its text.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One exported name. */
export interface Declared {
  readonly name: string;
  /** The .d.ts that declares it. */
  readonly file: string;
  /** Its doc comment; empty where there is none. */
  readonly comment: string;
  /** From its first line to its last. */
  readonly text: string;
}

const listed = /^export (?:type )?\{([^}]*)\}(?: from "([^"]+)")?;/gms;
const imported = /^import (?:type )?\{([^}]*)\} from "([^"]+)";/gms;
const everything = /^export (?:type )?\* from "([^"]+)";/gm;
const declared =
  /^export (?:declare )?(?:abstract )?(?:class|function|const|let|interface|type|enum) (\w+)\b.*?^(?=\S)/gms;

/** @param file a .d.ts @returns all that it exports; of two things of one name, a type and a value, both */
export function exportsOf(file: string): Declared[] {
  const text = readFileSync(file, "utf8");
  const of = (path: string): string => join(dirname(file), path.replace(/\.js$/, ".d.ts"));
  const own = [...`${text}\n;`.matchAll(declared)].map((found) => ({
    name: found[1],
    file,
    comment: commentBefore(text, found.index),
    text: found[0],
  }));
  // Only a file that exports what it imports is followed to where that comes from.
  const passesOn = [...text.matchAll(listed)].some(([, , from]) => from === undefined);
  const known = [...(passesOn ? text.matchAll(imported) : [])]
    .filter(([, , from]) => from.startsWith("."))
    .flatMap(([, names, from]) => picked(names, exportsOf(of(from))));
  const given = [...text.matchAll(listed)].flatMap(([, names, from]) =>
    picked(names, from === undefined ? [...own, ...known] : exportsOf(of(from))),
  );
  const first = [...own, ...given];
  const hidden = new Set(first.map(({ name }) => name));
  const passedOn = [...text.matchAll(everything)].flatMap(([, from]) => exportsOf(of(from)));
  return [...first, ...passedOn.filter(({ name }) => !hidden.has(name))];
}

/** Those of a list such as `a, type B, C as D`, under the names that they have behind it. */
function picked(list: string, all: readonly Declared[]): Declared[] {
  return list
    .split(",")
    .map((name) => name.trim().replace(/^type /, ""))
    .filter((name) => name !== "")
    .flatMap((name) => {
      const [inside, outside = inside] = name.split(" as ");
      return all.filter((each) => each.name === inside).map((each) => ({ ...each, name: outside }));
    });
}

function commentBefore(text: string, index: number): string {
  const before = text.slice(0, index).trimEnd();
  return before.endsWith("*/") ? before.slice(before.lastIndexOf("/**")) : "";
}

/** Members that may be left out but, where settings are strict, not be undefined. */
export function strictMembers({ text }: Declared): string[] {
  const members = [...text.matchAll(/^ {4}(?:readonly )?(\w+)\?(?:: ([^;]*);|\()/gms)];
  return members.filter(([, , type]) => !/\b(?:undefined|unknown)$/.test(type ?? "")).map(([, name]) => name);
}

/** Members of an interface that have no comment. */
export function silentMembers({ text }: Declared): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const member = /^ {4}(?:readonly )?(\w+)\??[:(<]/.exec(line);
    return member && !lines[index - 1].trimEnd().endsWith("*/") ? [member[1]] : [];
  });
}
