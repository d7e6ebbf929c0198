import { createHash } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  type FileRole,
  fashionMnistFiles,
  type PublishedFile,
  roleNames,
} from "../../core/data/fashion-mnist.js";
import { HeddleError } from "../../core/errors.js";
import { errorCode } from "../file-errors.js";
import { CacheError, cacheFolder, lockCache, writeCacheFile } from "./cache.js";
import { sha256 } from "./checksum.js";
import { debianFolder, debianPackage, withDebianPackage } from "./debian-package.js";
import { type DownloadOptions, download, UnreachableError, usualLimits } from "./download.js";
import type { OnDataProgress } from "./progress.js";
import { inflate, readDataFile } from "./read-file.js";
import type { DataOrigin, FoundFile, FoundFiles } from "./source.js";

/** Where Fashion-MNIST is looked for, in the order of these fields. */
export interface FashionMnistSources {
  readonly files: readonly PublishedFile[];
  /** Files are read from it and from its folder `fashion-mnist`; the latter is written. */
  readonly cacheFolder: string;
  readonly debianFolder: string;
  /** Each ends in `/`; the published name with `.gz` follows. */
  readonly addresses: readonly string[];
  readonly downloadLimits: Pick<
    DownloadOptions,
    "connectLimit" | "stallLimit" | "totalLimit" | "maximumBytes"
  >;
  readonly withDebianPackage: typeof withDebianPackage;
}

/** The usual ones, but for what is given. */
export function fashionMnistSources(own: Partial<FashionMnistSources> = {}): FashionMnistSources {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return {
    files: fashionMnistFiles,
    cacheFolder: cacheFolder(),
    debianFolder,
    addresses: [
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      // Its publishers serve no other here. Nothing is unpacked that hasn't the published sum.
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ],
    downloadLimits: usualLimits,
    withDebianPackage,
    ...given,
  };
}

/**
 * Finds the four files, each by itself, fetching what is missing into the cache. A content is used only if its
 * SHA-256 is the published one; a bad file is told of and passed over.
 * @throws HeddleError with what each source said when a file is nowhere to be had.
 */
export async function findFashionMnist(
  sources: FashionMnistSources,
  onProgress: OnDataProgress,
  signal?: AbortSignal,
): Promise<FoundFiles> {
  const found = new Map<FileRole, FoundFile>();
  const problems: string[] = [];
  const missing = (): PublishedFile[] => sources.files.filter((file) => !found.has(file.role));
  const warn = (message: string) => {
    problems.push(message);
    onProgress({ type: "warning", message });
  };
  const keptFolder = join(sources.cacheFolder, "fashion-mnist");

  const places: readonly [string, DataOrigin][] = [
    [keptFolder, "cache"],
    [sources.cacheFolder, "cache"],
    [sources.debianFolder, "debian-folder"],
  ];
  const lookAt = (folder: string, origin: DataOrigin) =>
    Promise.all(
      missing().map(async (file) => {
        const local = await findLocal(file, folder, origin, warn);
        if (local) found.set(file.role, local);
      }),
    );
  const fetchMissing = async (): Promise<void> => {
    for (const address of sources.addresses) {
      for (const file of missing()) {
        try {
          found.set(file.role, await fetchPublished(file, address, keptFolder, sources, onProgress, signal));
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof HeddleError) || error instanceof CacheError) throw error;
          warn(error.message);
          if (error instanceof UnreachableError) break;
        }
      }
    }

    if (missing().length > 0) {
      try {
        await sources.withDebianPackage(
          async (folder) => {
            for (const file of missing()) {
              const path = join(folder, `${file.name}.gz`);
              const bytes = await readDataFile(path, file.bytes);
              found.set(file.role, await keep(file, bytes, path, keptFolder, "debian-package"));
            }
          },
          (message) => onProgress({ type: "notice", message }),
          signal,
        );
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof HeddleError) || error instanceof CacheError) throw error;
        warn(`The Debian package ${debianPackage}: ${error.message}`);
      }
    }
  };

  for (const [folder, origin] of places) await lookAt(folder, origin);
  if (missing().length === 0) return complete(found, [], problems, keptFolder);

  const lock = await lockCache(keptFolder, onProgress, signal);
  try {
    if (lock.waited) await lookAt(keptFolder, "cache");
    await fetchMissing();
  } finally {
    await lock.release();
  }
  return complete(found, missing(), problems, keptFolder);
}

/** What has arrived of a file that is being fetched. */
const partOf = (file: PublishedFile, keptFolder: string): string => join(keptFolder, `${file.name}.gz.part`);

async function findLocal(
  file: PublishedFile,
  folder: string,
  origin: DataOrigin,
  warn: (message: string) => void,
): Promise<FoundFile | undefined> {
  for (const name of [file.name, `${file.name}.gz`]) {
    const path = join(folder, name);
    try {
      const bytes = await readDataFile(path, file.bytes);
      await verify(file, bytes, path);
      // Whoever fetched it may have been cut off before it could take that away.
      if (origin === "cache") await rm(partOf(file, folder), { force: true }).catch(() => undefined);
      return { file: name, path, origin, sha256: file.sha256, bytes };
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      const isAbsent = ["ENOENT", "ENOTDIR"].includes(errorCode(error.cause) ?? "");
      if (!isAbsent) warn(`${error.message} It is not used.`);
    }
  }
  return undefined;
}

async function fetchPublished(
  file: PublishedFile,
  address: string,
  keptFolder: string,
  sources: FashionMnistSources,
  onProgress: OnDataProgress,
  signal?: AbortSignal,
): Promise<FoundFile> {
  const from = `${address}${file.name}.gz`;
  const part = partOf(file, keptFolder);
  for (;;) {
    const resumed = await stat(part).then(
      ({ size }) => size > 0,
      () => false,
    );
    await download(from, part, {
      ...sources.downloadLimits,
      signal,
      onReceived: (receivedBytes, totalBytes) =>
        onProgress({ type: "download", file: file.name, address: from, receivedBytes, totalBytes }),
    });
    try {
      const packed = await readFile(part);
      verifyPacked(file, packed, from);
      const bytes = await inflate(packed, from, { mustBeGzip: true, bytes: file.bytes });
      const kept = await keep(file, bytes, from, keptFolder, "download");
      await rm(part, { force: true });
      return kept;
    } catch (error) {
      if (error instanceof CacheError) throw error;
      await rm(part, { force: true });
      // The first half may be an older or a broken file's: once more from the start.
      if (!resumed) throw error;
    }
  }
}

/** Checks a fetched content and writes it to the cache. */
async function keep(
  file: PublishedFile,
  bytes: Uint8Array,
  from: string,
  keptFolder: string,
  origin: DataOrigin,
): Promise<FoundFile> {
  await verify(file, bytes, from);
  const path = join(keptFolder, file.name);
  await writeCacheFile(path, bytes);
  return { file: basename(path), path, origin, sha256: file.sha256, bytes };
}

/** Before anything is unpacked. */
function verifyPacked(file: PublishedFile, packed: Uint8Array, from: string): void {
  const sum = createHash("md5").update(packed).digest("hex");
  if (sum === file.packedMd5) return;
  throw new HeddleError(
    `${from} does not send Fashion-MNIST's ${roleNames[file.role]}: the MD5 sum of the ${packed.length} bytes is ${sum}, expected ${file.packedMd5}.`,
  );
}

async function verify(file: PublishedFile, bytes: Uint8Array, from: string): Promise<void> {
  const sum = await sha256(bytes);
  if (sum === file.sha256) return;
  throw new HeddleError(
    `${from} does not hold Fashion-MNIST's ${roleNames[file.role]}: the SHA-256 of its content is ${sum}, expected ${file.sha256}.`,
  );
}

function complete(
  found: ReadonlyMap<FileRole, FoundFile>,
  missing: readonly PublishedFile[],
  problems: readonly string[],
  keptFolder: string,
): FoundFiles {
  if (missing.length > 0) {
    throw new HeddleError(
      [
        `Fashion-MNIST is not here and could not be fetched: ${missing.map((file) => file.name).join(", ")} missing.`,
        ...problems.map((problem) => `  - ${problem}`),
        `Connect to the network, install the Debian package ${debianPackage}, or put the four files (.gz or not) into ${keptFolder}.`,
      ].join("\n"),
    );
  }
  return Object.fromEntries(found) as unknown as FoundFiles;
}
