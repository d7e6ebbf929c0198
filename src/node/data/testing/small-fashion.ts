import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { type FileRole, fashionMnistFiles, fileRoles } from "../../../core/data/fashion-mnist.js";
import { encodeImages, encodeLabels } from "../../../core/data/testing/encode-idx.js";
import { HeddleError } from "../../../core/errors.js";
import type { FashionMnistSources } from "../fashion-mnist.js";

/** Plays the part of Fashion-MNIST's four contents: 10 classes of 28×28, 40 + 20 images. */
export const smallContents: Readonly<Record<FileRole, Uint8Array>> = {
  trainImages: encodeImages(40, 28, 28),
  trainLabels: encodeLabels(40, 10),
  testImages: encodeImages(20, 28, 28),
  testLabels: encodeLabels(20, 10),
};

/** Fashion-MNIST's names with the checksums of the small contents. */
export const smallFiles = fashionMnistFiles.map((file) => ({
  ...file,
  bytes: smallContents[file.role].length,
  sha256: createHash("sha256").update(smallContents[file.role]).digest("hex"),
  packedMd5: createHash("md5").update(gzipSync(smallContents[file.role])).digest("hex"),
}));

export function nameOf(role: FileRole): string {
  return fashionMnistFiles.find((file) => file.role === role)!.name;
}

/** A folder of the test's own, gone when it ends. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes the four files under their usual names, each gzipped where its change leaves that to us. */
export async function writeFour(
  folder: string,
  contents: Partial<Record<FileRole, Uint8Array>> = smallContents,
  gzip = true,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const role of fileRoles) {
    const content = contents[role];
    if (!content) continue;
    await writeFile(join(folder, nameOf(role) + (gzip ? ".gz" : "")), gzip ? gzipSync(content) : content);
  }
}

/** Sources that reach nothing outside the given folder, until a test names more. */
export function isolatedSources(
  folder: string,
  changed: Partial<FashionMnistSources> = {},
): FashionMnistSources {
  return {
    files: smallFiles,
    cacheFolder: join(folder, "cache"),
    debianFolder: join(folder, "debian"),
    addresses: [],
    downloadLimits: { connectLimit: 5_000, stallLimit: 5_000, totalLimit: 20_000, maximumBytes: 1e6 },
    withDebianPackage: () => Promise.reject(new HeddleError("there is no apt-get here")),
    ...changed,
  };
}
