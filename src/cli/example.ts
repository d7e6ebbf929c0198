import type { Command } from "commander";

/** Ends a command's help with a line that works. */
export function example(command: Command, line: string): Command {
  return command.addHelpText("after", `\nExample:\n  $ ${line}`);
}
