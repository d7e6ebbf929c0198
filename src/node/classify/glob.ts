/** A part of a path: as it is, any number of folders, or a pattern. */
export type GlobPart = string | RegExp | "**";

export interface Glob {
  /** Where it begins: "/" or a drive, or nothing. */
  readonly root: string;
  readonly parts: readonly GlobPart[];
}

/**
 * A path's parts where it is a pattern, for shells that expand none: `*` any text, `?` one character, `[a-c]` one of some, `[!a]` none of them, within a name;
 * `**` any number of folders. What begins with a dot is matched by a pattern that does. Undefined where the path has none of these.
 */
export function globParts(path: string): Glob | undefined {
  if (!/[*?[]/.test(path)) return undefined;
  const slashes = process.platform === "win32" ? /[/\\]+/ : /\/+/;
  const [root] = /^([A-Za-z]:)?[/\\]+|^/.exec(path)!;
  const parts = path
    .slice(root.length)
    .split(slashes)
    .filter((part) => part !== "");
  return { root, parts: parts.map((part) => (part === "**" ? part : partPattern(part))) };
}

function partPattern(part: string): GlobPart {
  if (!/[*?[]/.test(part)) return part;
  const source = part.replaceAll(/\[!?\]?[^\]]*\]|\*+|\?|[^*?[]+|\[/gu, (token) => {
    if (token.startsWith("*")) return "[^]*";
    if (token === "?") return ".";
    if (/^\[.*\]$/su.test(token)) return `[${token.startsWith("[!") ? "^" : ""}${characters(token)}]`;
    return escaped(token);
  });
  try {
    return new RegExp(`^${part.startsWith(".") ? "" : "(?!\\.)"}${source}$`, "su");
  } catch {
    // A range from back to front is none: the name is taken as it stands.
    return part;
  }
}

/** What stands between brackets, with ranges. */
const characters = (token: string): string =>
  token.slice(token.startsWith("[!") ? 2 : 1, -1).replaceAll(/[\\\]^[]/gu, "\\$&");

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
