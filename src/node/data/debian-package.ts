import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { errorCode } from "../file-errors.js";

/** Debian's package of Fashion-MNIST, and where it puts the four files. */
export const debianPackage = "dataset-fashion-mnist";
export const debianFolder = "/usr/share/datasets/fashion-mnist";

const commandLimit = 5 * 60_000;

/** Give up soon where there is no network; take no part in the system's locks, for nothing of it is written. */
const aptOptions = [
  "-q",
  "-o=Acquire::Retries=1",
  "-o=Acquire::http::Timeout=10",
  "-o=Acquire::https::Timeout=10",
  "-o=Acquire::Languages=none",
  "-o=Debug::NoLocking=1",
];

/**
 * Fetches Debian's package by `apt-get download`, unpacks it without root, and hands the folder of its files
 * to `use`; nothing of it stays afterwards. Where the system's package lists are missing or old, lists are
 * fetched into a folder of their own.
 * @throws HeddleError when apt-get is not there, or fails.
 */
export async function withDebianPackage<Result>(
  use: (folder: string) => Promise<Result>,
  onNotice: (message: string) => void,
  signal?: AbortSignal,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "heddle-"));
  try {
    onNotice(`Fetching the Debian package ${debianPackage} with apt-get download (31 MB) …`);
    const archive = await fetchPackage(folder, onNotice, signal);
    const unpacked = join(folder, "unpacked");
    await command("dpkg-deb", ["-x", archive, unpacked], folder, signal);
    return await use(join(unpacked, debianFolder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchPackage(
  folder: string,
  onNotice: (message: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const fetchWith = async (options: readonly string[]): Promise<string> => {
    await command("apt-get", [...aptOptions, ...options, "download", debianPackage], folder, signal);
    const archive = (await readdir(folder)).find((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new HeddleError("apt-get download brought no package");
    return join(folder, archive);
  };
  try {
    return await fetchWith([]);
  } catch (error) {
    if (error instanceof MissingCommandError) throw error;
    signal?.throwIfAborted();
  }
  onNotice("Fetching package lists, into a folder of their own …");
  const lists = join(folder, "lists");
  const cache = join(folder, "cache");
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  // Run by root, apt would step down to a user of its own, who can't enter this folder.
  const options = [`-o=Dir::State::Lists=${lists}`, `-o=Dir::Cache=${cache}`, "-o=APT::Sandbox::User=root"];
  // One unreachable list among many fails the update, though the package may be in another.
  const update = command("apt-get", [...aptOptions, ...options, "update"], folder, signal);
  const updateError = await update.then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    return await fetchWith(options);
  } catch (error) {
    throw updateError ?? error;
  }
}

class MissingCommandError extends HeddleError {
  override readonly name: string = "MissingCommandError";
}

/** @throws HeddleError with the last line of complaint when the command fails or takes too long. */
function command(name: string, args: readonly string[], cwd: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // A timer of its own would hold the process open where the command is not there at all.
    const limit = AbortSignal.timeout(commandLimit);
    const child = spawn(name, args, {
      cwd,
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    let complaints = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaints = (complaints + text).slice(-4000);
    });
    child.on("error", (cause) => {
      if (signal?.aborted) reject(signal.reason);
      else if (limit.aborted) reject(new HeddleError(`${name} took longer than ${commandLimit / 1000} s`));
      else if (errorCode(cause) === "ENOENT")
        reject(new MissingCommandError(`there is no ${name} here`, { cause }));
      else reject(new HeddleError(`${name} can't be run: ${cause.message}`, { cause }));
    });
    child.on("close", (status, killedBy) => {
      if (status === 0) return resolve();
      const errors = complaints.split("\n").filter((line) => line.startsWith("E: "));
      const reason = killedBy ? `ended by ${killedBy}` : `exit code ${status}`;
      const task = args.find((arg) => !arg.startsWith("-"));
      reject(new HeddleError(`${name} ${task} failed: ${errors.at(-1)?.slice(3) ?? reason}`));
    });
  });
}
