/// <reference lib="esnext.disposable" preserve="true" />

import { readFile } from "node:fs/promises";
import { HeddleError } from "../core/errors.js";
import type { Layer } from "../core/layers/layer.js";
import type { Platform } from "../core/platform.js";
import { Model, type ModelOptions } from "../core/training/model.js";
import { modelFromBytes } from "../core/training/model-from-bytes.js";
import { fileErrorWords } from "./file-errors.js";
import { nodePlatform } from "./platform.js";
import { writeFileWhole } from "./write-file.js";

/** A model that can be saved to a file: `await using model = sequential(…)` ends its threads by itself. */
export class NodeModel extends Model {
  /**
   * Writes weights, layers, input shape, normalization and class names as one safetensors file, in place of
   * what was there.
   *
   * @throws HeddleError when the file can't be written.
   */
  async save(file: string): Promise<void> {
    await writeFileWhole(file, this.toBytes());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

type NodeModelOptions = Omit<ModelOptions, "platform" | "state">;

/**
 * A model of layers that follow each other, run by Node's worker threads.
 *
 * @example
 * const model = sequential([flatten(), dense({ units: 10 })], { inputShape: [28, 28, 1] });
 * @throws HeddleError when the layers don't fit the input shape or each other.
 */
export function sequential(layers: readonly Layer[], options: NodeModelOptions): NodeModel {
  return new NodeModel(layers, { ...options, platform: nodePlatform });
}

/**
 * Reads a model that `save` wrote, or a run's weights.
 *
 * @throws HeddleError when the file can't be read or holds no such model.
 */
export async function loadModel(
  file: string,
  options: Omit<NodeModelOptions, "inputShape"> = {},
): Promise<NodeModel> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
  });
  return modelFromFile(bytes, file, { ...options, platform: nodePlatform });
}

/** A model of a file's bytes. @param file named in errors @throws HeddleError when it holds no such model */
export function modelFromFile(
  bytes: Uint8Array,
  file: string,
  options: Omit<NodeModelOptions, "inputShape"> & { platform: Platform },
): NodeModel {
  const { layers, inputShape, state } = modelFromBytes(bytes, file);
  return new NodeModel(layers, { ...options, inputShape, state });
}
