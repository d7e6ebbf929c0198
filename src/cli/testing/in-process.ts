import { commandLine } from "../command-line.js";
import type { CliResult } from "./run-cli.js";

/**
 * Runs a command line in this process: the same as `runCli` gives, sooner.
 *
 * @param fault that comes from elsewhere once it has run
 */
export async function inProcess(args: readonly string[], fault?: Error): Promise<CliResult> {
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
