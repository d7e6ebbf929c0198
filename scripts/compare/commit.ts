import { spawnSync } from "node:child_process";

/** The commit that a checkout is at, with "+" where it was changed since; nothing where it is none. */
export function commitOf(folder: string): string | null {
  const git = (...args: readonly string[]): string | null => {
    const { status, stdout } = spawnSync("git", ["--no-optional-locks", "-C", folder, ...args], {
      encoding: "utf8",
    });
    return status === 0 ? stdout.trim() : null;
  };
  const commit = git("rev-parse", "HEAD");
  return commit && (git("status", "--porcelain") === "" ? commit : `${commit}+`);
}
