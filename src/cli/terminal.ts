import { errorCode } from "../node/file-errors.js";
import type { CommandOutput } from "./commands/output.js";
import { toTerminal, visibleLine } from "./view/visible.js";

/** Where a command writes: results to `stdout`, what goes on meanwhile to `stderr`, a line at a time. */
export interface Terminal extends CommandOutput {
  /** Whether stdout takes colours. */
  readonly colour: boolean;
  /** Whether stderr shows a live line that is written over again and again. */
  readonly live: boolean;
  /** How many characters fit into the live line now. */
  readonly liveWidth: () => number;
  /** Writes the live line over, and more below it where there are any; an empty text takes all of it away. */
  readonly liveLine: (text: string, ...below: readonly string[]) => void;
  /** Whether the reader of stdout has seen enough and went away: what is printed is for nobody. */
  readonly isUnread: () => boolean;
}

export interface ProcessTerminal extends Terminal {
  /** Called once with what kept stdout from being written, unless its reader has seen enough and went away. */
  onOutputLost: (error: unknown) => void;
}

/**
 * The process's own terminal, or files and pipes in its place. Text from outside steers none of them. A reader that
 * goes away (`heddle train --json | head -2`) ends nothing: what would have been printed is left out.
 */
export function processTerminal(
  streams: { stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream } = process,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ProcessTerminal {
  const { stdout, stderr } = streams;
  const writeOut = writer(stdout, (error) => terminal.onOutputLost(error));
  const writeError = writer(stderr, () => undefined);
  const plain = Boolean(environment.NO_COLOR) || environment.TERM === "dumb";
  const live = stderr.isTTY === true && environment.TERM !== "dumb";
  let shown = 0;
  // One less than there are: a full line would wrap, and could not be written over. A terminal that doesn't know its
  // size says 0.
  const liveWidth = (): number => (stderr.columns || 80) - 1;
  const clear = (): void => {
    if (shown > 1) writeError.write(`\r\x1b[${shown - 1}A\x1b[J`);
    else if (shown > 0) writeError.write("\r\x1b[K");
    shown = 0;
  };
  const terminal: ProcessTerminal = {
    colour: stdout.isTTY === true && !plain,
    errorColour: stderr.isTTY === true && !plain,
    live,
    liveWidth,
    stdout: (line) => {
      clear();
      writeOut.write(`${toTerminal(line)}\n`);
    },
    stderr: (line) => {
      clear();
      writeError.write(`${toTerminal(line)}\n`);
    },
    liveLine: (...lines) => {
      if (!live) return;
      clear();
      // What has left the screen at the top can't be written over.
      const fitting = lines.slice(0, Math.max(1, (stderr.rows || 24) - 1));
      const cut = fitting.map((line) => [...visibleLine(line)].slice(0, liveWidth()).join(""));
      if (cut.every((line) => line === "")) return;
      writeError.write(cut.join("\n"));
      shown = cut.length;
    },
    isUnread: writeOut.isUnread,
    onOutputLost: () => undefined,
  };
  return terminal;
}

/** Writes until that fails, and then no more. */
function writer(stream: NodeJS.WriteStream, onLost: (error: unknown) => void) {
  let open = true;
  let unread = false;
  const lose = (error: unknown): void => {
    if (!open) return;
    open = false;
    // A pipe that nobody reads, a terminal that was closed.
    const isReaderGone = errorCode(error) === "EPIPE" || (errorCode(error) === "EIO" && stream.isTTY);
    if (isReaderGone) unread = true;
    else onLost(error);
  };
  stream.on("error", lose);
  const write = (text: string): void => {
    if (!open) return;
    try {
      stream.write(text);
    } catch (error) {
      lose(error);
    }
  };
  return { write, isUnread: () => unread };
}
