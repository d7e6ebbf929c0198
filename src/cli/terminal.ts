import type { CommandOutput } from "./commands/output.js";

/** Where a command writes: results to `stdout`, what goes on meanwhile to `stderr`, a line at a time. */
export interface Terminal extends CommandOutput {
  /** Whether stdout, and stderr, take colours. */
  readonly colour: boolean;
  readonly errorColour: boolean;
  /** Whether stderr shows a live line that is written over again and again. */
  readonly live: boolean;
  /** How many characters fit into the live line now. */
  readonly liveWidth: () => number;
  /** Writes the live line over; an empty text takes it away. */
  readonly liveLine: (text: string) => void;
}

/** The process's own terminal, or files and pipes in its place. */
export function processTerminal(
  streams: { stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream } = process,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  const { stdout, stderr } = streams;
  const plain = Boolean(environment.NO_COLOR) || environment.TERM === "dumb";
  const live = stderr.isTTY === true && environment.TERM !== "dumb";
  let shown = false;
  // One less than there are: a full line would wrap, and could not be written over. A terminal that doesn't know its
  // size says 0.
  const liveWidth = (): number => (stderr.columns || 80) - 1;
  const clear = (): void => {
    if (shown) stderr.write("\r\x1b[K");
    shown = false;
  };
  return {
    colour: stdout.isTTY === true && !plain,
    errorColour: stderr.isTTY === true && !plain,
    live,
    liveWidth,
    stdout: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    stderr: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    liveLine: (text) => {
      if (!live) return;
      clear();
      const cut = [...text].slice(0, liveWidth()).join("");
      if (cut !== "") stderr.write(cut);
      shown = cut !== "";
    },
  };
}
