import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const main = fileURLToPath(new URL("../main.js", import.meta.url));

export interface CliResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunCliOptions {
  /** Working folder (default: this process's). */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Blocks of 1 KB that a file may have at most, as on a disk that fills up; needs bash. */
  readonly largestFile?: number;
  /** A file that takes its stdout in place of us; needs bash. */
  readonly stdoutTo?: string;
  /** Called as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with all of stderr so far each time it grows. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
}

/** Runs the built command line as a process of its own, for two minutes at most. */
export function runCli(args: readonly string[], options: RunCliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const whole = [process.execPath, main, ...args];
    const { largestFile, stdoutTo } = options;
    const limit = largestFile ? `ulimit -f ${largestFile}; ` : "";
    const to = stdoutTo ? ` > ${stdoutTo}` : "";
    const [program, ...rest] =
      limit + to ? ["bash", "-c", `${limit}exec "$@"${to}`, "bash", ...whole] : whole;
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 120_000,
    });
    options.onStart?.(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, child);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
