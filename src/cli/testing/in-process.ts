import { commandLine } from "../command-line.js";
import type { CliResult } from "./run-cli.js";

export interface InProcessOptions {
  /** Working folder, which is the process's own meanwhile (default: as it is). */
  readonly cwd?: string;
  /** Comes from elsewhere once the command has run. */
  readonly fault?: Error;
}

/** Runs a command line in this process: the same as `runCli` gives, sooner. One at a time. */
export async function inProcess(
  args: readonly string[],
  { cwd, fault }: InProcessOptions = {},
): Promise<CliResult> {
  const before = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    return await runHere(args, fault);
  } finally {
    process.chdir(before);
  }
}

async function runHere(args: readonly string[], fault: Error | undefined): Promise<CliResult> {
  const result = { stdout: "", stderr: "" };
  const line = commandLine(args, {
    stdout: (line) => {
      result.stdout += `${line}\n`;
    },
    stderr: (line) => {
      result.stderr += `${line}\n`;
    },
    colour: false,
    errorColour: false,
    live: false,
    liveWidth: () => 80,
    liveLine: () => undefined,
    isUnread: () => false,
  });
  const code = await line.run();
  if (fault) return { code: line.fail(fault), ...result };
  return { code, ...result };
}
