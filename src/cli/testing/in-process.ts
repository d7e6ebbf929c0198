import { commandLine } from "../command-line.js";
import type { CliResult } from "./run-cli.js";

/** Runs a command line in this process: the same as `runCli` gives, sooner. */
export async function inProcess(args: readonly string[]): Promise<CliResult> {
  const result = { stdout: "", stderr: "" };
  const code = await commandLine(args, {
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
  }).run();
  return { code, ...result };
}
