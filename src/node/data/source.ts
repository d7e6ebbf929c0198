import type { FileRole } from "../../core/data/fashion-mnist.js";

/** How a file came here. */
export type DataOrigin =
  /** The cache, from an earlier time. */
  | "cache"
  /** The installed Debian package. */
  | "debian-folder"
  /** One of the published addresses, just now; kept in the cache. */
  | "download"
  /** The Debian package, fetched just now; kept in the cache. */
  | "debian-package"
  /** The folder that was asked for. */
  | "folder"
  /** The file that was asked for. */
  | "file";

/** Where one of a data set's files was found. */
export interface DataSource {
  /** Its name without a folder. */
  readonly file: string;
  readonly path: string;
  readonly origin: DataOrigin;
  /** Of its bytes, out of gzip where it is packed so, in hexadecimal. */
  readonly sha256: string;
}

/** A source and its content. */
export interface FoundFile extends DataSource {
  /** Uncompressed. */
  readonly bytes: Uint8Array;
}

export type FoundFiles = Readonly<Record<FileRole, FoundFile>>;
