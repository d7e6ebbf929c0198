import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import type { Model } from "../core/training/model.js";
import { readWeights } from "../node/read-weights.js";
import type { WeightsName } from "../run/run-folder.js";

/** What is to be served: a run's folder or a model file, by its path, or a model at hand. */
export type ModelToServe = string | Model;

/** A model file, read. */
export interface ModelFile {
  readonly name: string;
  /** Named in errors. */
  readonly place: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, in hexadecimal digits. */
  readonly digest: string;
  /** Whether it was trained by plain multiply and add, and so predicts. */
  readonly portable: boolean;
}

/** Reads a model anew. @throws HeddleError where it can't be read */
export async function readModelFile(
  model: ModelToServe,
  name: string,
  weights: WeightsName,
): Promise<ModelFile> {
  if (typeof model !== "string") {
    const bytes = await model.toBytes();
    return { name, place: `the model ${name}`, bytes, digest: digestOf(bytes), portable: false };
  }
  const { bytes, file, run } = await readWeights(model, weights);
  return { name, place: file, bytes, digest: digestOf(bytes), portable: run?.config.portable ?? false };
}

/** A name for each model: of its folder or file, numbered where another has it already. */
export function modelNames(models: readonly ModelToServe[]): string[] {
  const taken = new Set<string>();
  return models.map((model) => {
    const own =
      typeof model === "string" ? basename(resolve(model)).replace(/\.safetensors$/u, "") : model.name;
    const base = own === "" ? "model" : own;
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
    taken.add(name);
    return name;
  });
}

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
