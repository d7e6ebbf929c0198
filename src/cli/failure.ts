import { CommanderError } from "commander";
import { HeddleError, messageOf, UsageError } from "../core/errors.js";
import { systemRefusal } from "../node/file-errors.js";
import { adviceAfter } from "./advice.js";
import { InterruptedError } from "./interruption.js";
import type { Terminal } from "./terminal.js";
import { painter } from "./view/paint.js";

/**
 * Tells a failure to people and gives the exit code: 2 when the command line alone shows the mistake, 128 and
 * the signal's number after a signal, else 1.
 *
 * @param debug shows the stack trace too
 */
export function reportFailure(error: unknown, terminal: Terminal, debug: boolean): number {
  // The parser has shown its own message by now.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  terminal.liveLine("");
  const paint = painter(terminal.errorColour);
  if (error instanceof InterruptedError) {
    terminal.stderr(error.message);
    return error.exitCode;
  }
  const expected = error instanceof HeddleError;
  const message = messageOf(error);
  const words = expected
    ? [message, adviceAfter(error)].filter((part) => part !== undefined).join(" ")
    : (systemRefusal(error) ?? `${message} (This is a fault in heddle: --debug shows where.)`);
  terminal.stderr(`${paint("red", "error:")} ${words}`);
  if (debug && error instanceof Error) {
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      terminal.stderr(String(each.stack));
  }
  return error instanceof UsageError ? 2 : 1;
}
