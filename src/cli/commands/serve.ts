import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { UsageError } from "../../core/errors.js";
import { listed } from "../../core/words.js";
import { readError } from "../../node/file-errors.js";
import { type ModelServer, serve } from "../../serve/serve.js";
import type { Terminal } from "../terminal.js";
import { weightsFrom } from "../weights-flag.js";

export interface ServeCommandOptions {
  /** Folders of runs, or model files. */
  readonly models: readonly string[];
  readonly host: string;
  readonly port: number;
  /** False where anybody may ask. */
  readonly token?: string | boolean;
  readonly tokenFile?: string;
  readonly origin?: readonly string[];
  readonly weights?: string;
  readonly batchSize: number;
  readonly batchWait: number;
  readonly queue: number;
  /** MiB. */
  readonly maxBody: number;
  readonly maxPictures: number;
  /** Seconds. */
  readonly timeout: number;
  readonly quiet?: boolean;
  readonly threads?: number;
  readonly narrowVectors?: boolean;
}

/** Serves models until a signal asks it to stop; a line of JSON on stdout for each request. */
export async function serveCommand(options: ServeCommandOptions, terminal: Terminal): Promise<void> {
  const { models, host, port, origin, weights, batchSize, batchWait, queue, maxPictures, threads } = options;
  const chosen = weightsFrom(weights, models);
  const token = await tokenOf(options);
  // Whoever stops it while models are made ready stops it in good order too.
  const signals = new Signals();
  try {
    const server = await serve(models, {
      host,
      port,
      open: options.token === false,
      ...(token !== undefined && { token }),
      origins: origin ?? [],
      weights: chosen,
      batchSize,
      batchWait,
      queue,
      maxBody: options.maxBody * 2 ** 20,
      maxPictures,
      timeout: options.timeout * 1000,
      ...(threads !== undefined && { threads }),
      wideVectors: !options.narrowVectors,
      onLog: (entry) => {
        if (entry.event === "model") terminal.stderr(`${entry.model}: ${entry.message}`);
        if (!options.quiet) terminal.stdout(JSON.stringify(entry));
      },
    });
    await untilStopped(server, signals, terminal);
  } finally {
    signals.close();
  }
}

async function untilStopped(server: ModelServer, signals: Signals, terminal: Terminal): Promise<void> {
  const names = server.models.map(({ name, version }) => `${name} (${version})`);
  terminal.stderr(`${server.url} answers for ${listed(names, "and")}. Ctrl-C stops it.`);
  for (;;) {
    const asked = await signals.next();
    if (asked === "stop") break;
    terminal.stderr("Reading the models again.");
    await server.reload();
  }
  terminal.stderr("Stopping as soon as all that was accepted is answered; a second signal leaves at once.");
  await server.close();
  terminal.stderr("Stopped: everything accepted was answered.");
}

/** @throws UsageError on more than one word about it, and on a file without one */
async function tokenOf({ token, tokenFile }: ServeCommandOptions): Promise<string | undefined> {
  const given = typeof token === "string" ? token : undefined;
  if (tokenFile === undefined) return given;
  if (given !== undefined || token === false)
    throw new UsageError("--token-file was given with --token or --no-token: take one of them.");
  const text = await readFile(tokenFile, "utf8").catch((cause: unknown) => {
    throw readError(tokenFile, cause);
  });
  return text.trim();
}

type Asked = "stop" | "reload";

/**
 * What signals ask for, in their order. SIGHUP has the models read again, unless a terminal holds the process: there it says that the terminal was closed.
 * A second signal to stop leaves at once.
 */
class Signals {
  readonly #asked: Asked[] = [];
  #tell = (): void => undefined;
  #stopping = false;
  readonly #listeners = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) => {
    const listener = (): void => this.#hear(signal);
    process.on(signal, listener);
    return { signal, listener };
  });

  async next(): Promise<Asked> {
    for (;;) {
      const asked = this.#asked.includes("stop") ? "stop" : this.#asked.shift();
      if (asked !== undefined) return asked;
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
  }

  close(): void {
    for (const { signal, listener } of this.#listeners) process.off(signal, listener);
  }

  #hear(signal: "SIGINT" | "SIGTERM" | "SIGHUP"): void {
    const isReload = signal === "SIGHUP" && !process.stdin.isTTY;
    if (!isReload && this.#stopping) process.exit(128 + constants.signals[signal]);
    this.#stopping ||= !isReload;
    this.#asked.push(isReload ? "reload" : "stop");
    this.#tell();
  }
}
