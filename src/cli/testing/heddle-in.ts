import { inProcess } from "./in-process.js";
import { type CliResult, type RunCliOptions, runCli } from "./run-cli.js";

/** Runs a command line in a folder. */
export type HeddleIn = (line: string, options?: RunCliOptions) => Promise<CliResult>;

/**
 * `heddle` in a folder that is known once it is called: in this process, which is sooner, or where there are options,
 * if empty ones, in a process of its own.
 */
export const heddleIn =
  (folder: () => string): HeddleIn =>
  (line, options) => {
    const words = line.split(" ");
    return options ? runCli(words, { cwd: folder(), ...options }) : inProcess(words, { cwd: folder() });
  };
