import {
  choice,
  flag,
  functionKind,
  listOf,
  type OptionKind,
  type OptionTable,
  Refusal,
  type ResolvedOptions,
  text,
  wholeNumber,
} from "../core/options/index.js";
import { maximumThreads } from "../core/training/compile.js";
import { plural } from "../core/words.js";
import type { WeightsName } from "../run/run-folder.js";
import type { LogEntry } from "./watch/request-log.js";

/** Where a server listens, who may ask it, and how much at once. */
export interface ServeOptions {
  /** An address of this machine, or a name of one (default "127.0.0.1": this machine alone may ask). */
  readonly host?: string | undefined;
  /** Default 8080; 0 takes one that is free. */
  readonly port?: number | undefined;
  /** What whoever asks must say, as `Authorization: Bearer TOKEN`: 16 characters or more (default: nothing). */
  readonly token?: string | undefined;
  /** Whether others than this machine may ask without a token (default false: such a server is refused). */
  readonly open?: boolean | undefined;
  /** Pages of other origins that may ask, such as "https://example.org", or "*" for all (default: none). */
  readonly origins?: readonly string[] | undefined;
  /** Of runs: whose weights (default "best"). */
  readonly weights?: WeightsName | undefined;
  /** Images that a model takes together, at most (default 128). */
  readonly batchSize?: number | undefined;
  /** Milliseconds that an image waits for others while the model has nothing to do (default 0). */
  readonly batchWait?: number | undefined;
  /** Images of a model that are accepted and not answered yet, at most (default 4096). */
  readonly queue?: number | undefined;
  /** Bytes of a request's body, at most (default 32 MiB). */
  readonly maxBody?: number | undefined;
  /** Bytes of all bodies that are being read or worked on, at most (default 512 MiB). */
  readonly maxBodies?: number | undefined;
  /** Pixels that a picture may have (default 67,108,864). */
  readonly maxPixels?: number | undefined;
  /** Pictures of a request, at most (default 32). */
  readonly maxPictures?: number | undefined;
  /** Milliseconds from a request's first byte to its answer, at most (default 30,000). */
  readonly timeout?: number | undefined;
  /** Connections at once, at most (default 1024). */
  readonly maxConnections?: number | undefined;
  /** Threads that a model computes on (default: one a processor). */
  readonly threads?: number | undefined;
  /** As `compile` has it (default false). */
  readonly wideVectors?: boolean | undefined;
  /** Told of each request, and of what happens to models (default: nobody is). */
  readonly onLog?: ((entry: LogEntry) => void) | undefined;
}

const originPattern = /^(\*|https?:\/\/[^/\s]+)$/u;

const tokenCharacters = "16 to 512 characters of ASCII without spaces";

/** Never quoted: what is told goes into logs. */
const tokenKind: OptionKind<string> = {
  expected: tokenCharacters,
  read(value) {
    if (typeof value === "string" && /^[!-~]{16,512}$/u.test(value)) return value;
    const has = typeof value === "string" ? `has ${plural([...value].length, "character")}` : "is no text";
    return new Refusal((owner, option) => `${owner}: ${option} must be ${tokenCharacters}, but ${has}.`);
  },
};

export const serveOptions = {
  host: {
    meaning: "address to listen at",
    kind: text(/^[\w.:%[\]-]+$/u, "an address or a name of this machine"),
    default: "127.0.0.1",
  },
  port: {
    meaning: "port to listen at; 0 takes one that is free",
    kind: wholeNumber({ from: 0, to: 65_535 }),
    default: 8080,
  },
  token: {
    meaning: "what whoever asks must know",
    kind: tokenKind,
    otherwise: "nothing",
  },
  open: { meaning: "whether others than this machine may ask without a token", kind: flag(), default: false },
  origins: {
    meaning: "pages of other origins that may ask",
    kind: listOf(text(originPattern, 'an origin such as "https://example.org", or "*"')),
    default: [],
  },
  weights: {
    meaning: "of runs: whose weights",
    kind: choice(["best", "last", "interrupted"] satisfies WeightsName[]),
    default: "best",
  },
  batchSize: {
    meaning: "images that a model takes together, at most",
    kind: wholeNumber({ from: 1, to: 1024 }),
    default: 128,
  },
  batchWait: {
    meaning: "milliseconds that an image waits for others while the model has nothing to do",
    kind: wholeNumber({ from: 0, to: 1000 }),
    default: 0,
  },
  queue: {
    meaning: "images of a model that are accepted and not answered yet, at most",
    kind: wholeNumber({ from: 1, to: 2 ** 20 }),
    default: 4096,
  },
  maxBody: {
    meaning: "bytes of a request's body, at most",
    kind: wholeNumber({ from: 1, to: 2 ** 30 }),
    default: 32 * 2 ** 20,
  },
  maxBodies: {
    meaning: "bytes of all bodies at once, at most",
    kind: wholeNumber({ from: 1, to: 2 ** 34 }),
    default: 512 * 2 ** 20,
  },
  maxPixels: {
    meaning: "pixels that a picture may have",
    kind: wholeNumber({ from: 1, to: 2 ** 28 }),
    default: 2 ** 26,
  },
  maxPictures: {
    meaning: "pictures of a request, at most",
    kind: wholeNumber({ from: 1, to: 1024 }),
    default: 32,
  },
  timeout: {
    meaning: "milliseconds from a request's first byte to its answer, at most",
    kind: wholeNumber({ from: 10, to: 3_600_000 }),
    default: 30_000,
  },
  maxConnections: {
    meaning: "connections at once, at most",
    kind: wholeNumber({ from: 1, to: 65_536 }),
    default: 1024,
  },
  threads: {
    meaning: "threads that a model computes on",
    kind: wholeNumber({ from: 1, to: maximumThreads }),
    otherwise: "one a processor",
  },
  wideVectors: {
    meaning: "has V8 join pairs of 128-bit operations, where it can",
    kind: flag(),
    default: false,
  },
  onLog: {
    meaning: "told of each request, and of what happens to models",
    kind: functionKind<(entry: LogEntry) => void>(),
    otherwise: "nobody is",
  },
} satisfies OptionTable<ServeOptions>;

export type ResolvedServeOptions = ResolvedOptions<typeof serveOptions>;
