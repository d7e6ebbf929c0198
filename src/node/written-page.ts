import { open } from "node:fs/promises";
import { generatorMeta } from "../report/page.js";
import { readError } from "./file-errors.js";

/** Bytes at a page's beginning that say which program wrote it. */
const headBytes = 4096;

/**
 * Whether a file is a page of heddle's, which may be written anew.
 *
 * @throws HeddleError where it can't be read.
 */
export async function isWrittenPage(file: string): Promise<boolean> {
  try {
    const opened = await open(file);
    try {
      const { buffer, bytesRead } = await opened.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.toString("utf8", 0, bytesRead).includes(generatorMeta);
    } finally {
      await opened.close();
    }
  } catch (cause) {
    throw readError(file, cause);
  }
}
