import { reportFailure } from "./failure.js";
import { createProgram } from "./program/program.js";
import type { Terminal } from "./terminal.js";

/** A command line that is being carried out. */
export interface CommandLine {
  /** Carries it out and gives the exit code. Whatever fails is told to the terminal, never thrown. */
  run(): Promise<number>;
  /** Tells a failure that came from elsewhere; gives the exit code. */
  fail(error: unknown): number;
}

/** @param args what stands behind the program's name */
export function commandLine(args: readonly string[], terminal: Terminal): CommandLine {
  const program = createProgram(terminal);
  const fail = (error: unknown): number =>
    reportFailure(error, terminal, program.opts<{ debug?: boolean }>().debug ?? false);
  const run = async (): Promise<number> => {
    try {
      if (args.length === 0) program.outputHelp();
      else await program.parseAsync(args, { from: "user" });
      return 0;
    } catch (error) {
      return fail(error);
    }
  };
  return { run, fail };
}
