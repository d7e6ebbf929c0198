import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { constants } from "node:os";
import { HeddleError } from "../core/errors.js";
import { fileErrorWords } from "../node/file-errors.js";
import { commandLine } from "./command-line.js";
import { processTerminal } from "./terminal.js";

const hangUp = 128 + constants.signals.SIGHUP;

/** Node sets a terminal back as it found it, and aborts where that terminal was closed: then it must not know of it. */
function leaveClosedTerminal(code: number): void {
  if (code !== hangUp) return;
  for (const stream of [0, 1, 2]) {
    try {
      closeSync(stream);
    } catch {
      // Closed already.
    }
  }
}

/** Carries out the command line of this process, with its terminal, to its exit code. */
export async function runProcess(): Promise<void> {
  const terminal = processTerminal();
  const { run, fail } = commandLine(process.argv.slice(2), terminal);
  // What goes on is worth more than what is said of it, but whoever reads the exit code must learn of it.
  terminal.onOutputLost = (error) => {
    const words = `stdout can't be written: ${fileErrorWords(error)}. What the command prints there is not whole; it goes on to its end.`;
    const code = fail(new HeddleError(words, { cause: error }));
    process.on("exit", () => {
      process.exitCode ||= code;
    });
  };
  process.on("exit", leaveClosedTerminal);
  process.on("uncaughtException", (error) => process.exit(fail(error)));
  process.exitCode = await run();
  // A slow reader has all of it; whatever a failure has left open besides must not keep the process.
  await Promise.all([process.stdout, process.stderr].map(flushed));
  setTimeout(() => process.exit(), 1000).unref();
}

/** Once all that was written to a pipe is with its reader, or lost: files take it at once, if at all. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    try {
      if (stream.destroyed || !(stream instanceof Socket)) resolve();
      else stream.write("", () => resolve());
    } catch {
      resolve();
    }
  });
