import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { decodeSafetensors, encodeSafetensors } from "../../core/formats/safetensors.js";
import type { FeatureCache, Features } from "../../core/transfer/index.js";
import { mebibytes } from "../../core/words.js";
import { errorCode } from "../file-errors.js";
import { CacheError, cacheFolder, writeCacheFile } from "./cache.js";

/** What can be read at once. */
const mostBytes = 2 ** 31 - 1;

/**
 * Keeps a body's features of a data set's images among what can be made again, a file for each body and images. One that
 * is damaged is made anew, and a folder that takes no file costs no more than the time to work them out again.
 *
 * @param name of the file: it says which body, which images and which arithmetic
 * @param onUnwritten told why nothing is kept
 */
export function diskFeatureCache(
  name: string,
  { folder = cacheFolder(), onUnwritten }: { folder?: string; onUnwritten?: (why: string) => void } = {},
): FeatureCache {
  const file = join(folder, "features", `${name}.safetensors`);
  return {
    async read() {
      const bytes = await readFile(file).catch((error: unknown) => {
        if (errorCode(error) === "ENOENT") return undefined;
        onUnwritten?.(`${file} can't be read.`);
        return undefined;
      });
      return bytes && readFeatures(bytes, file);
    },
    async write({ size, plain, mirrored }) {
      const shape = [plain.length / size, size];
      const tensors = [
        { name: "plain", shape, data: plain },
        ...(mirrored ? [{ name: "mirrored", shape, data: mirrored }] : []),
      ];
      const bytes = encodeSafetensors(tensors, { format: "heddle-features" });
      if (bytes.length > mostBytes) {
        onUnwritten?.(
          `Features of ${mebibytes(bytes.length)} are more than is kept: they are worked out each time.`,
        );
        return;
      }
      await writeCacheFile(file, bytes).catch((error: unknown) => {
        if (!(error instanceof CacheError)) throw error;
        onUnwritten?.(error.message);
      });
    },
  };
}

function readFeatures(bytes: Uint8Array, file: string): Features | undefined {
  try {
    const { tensors } = decodeSafetensors(bytes, file);
    const [plain, mirrored] = ["plain", "mirrored"].map((name) => tensors.find((each) => each.name === name));
    if (plain?.shape.length !== 2) return undefined;
    const size = plain.shape[1];
    return { size, plain: plain.data, ...(mirrored && { mirrored: mirrored.data }) };
  } catch (error) {
    if (error instanceof HeddleError) return undefined;
    throw error;
  }
}
