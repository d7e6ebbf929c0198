// The Proposed CNN with heddle's weights as an ONNX file, and heddle's images, for a rival in its own process.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchPixels, createNetworkWorkload } from "#heddle/bench/network-rows.js";
import { onnxModel } from "#heddle/bench/onnx.js";
import { chainOf } from "#heddle/core/graph/index.js";
import { modelDefinitions } from "#heddle/core/models/index.js";
import type { WorkFiles } from "../../bench/rivals/question.js";
import type { Rival } from "./rival-process.js";

const inputShape = [28, 28, 1];
const batch = 256;

export interface OnnxWork {
  readonly files: WorkFiles;
  /** Ours for the first images: [batch, classes]. */
  readonly probabilities: Float32Array;
}

export async function writeOnnxFiles(folder: string): Promise<OnnxWork> {
  const graph = chainOf(modelDefinitions.proposed.layers(inputShape, 10), inputShape);
  const ours = await createNetworkWorkload({ kind: "infer", model: "proposed", batch }, 1);
  const { probabilities } = await ours.network.predict(ours.images.subarray(0, batch * 28 * 28));
  await ours.close();
  const files = { model: join(folder, "proposed.onnx"), images: join(folder, "images.f32") };
  writeFileSync(files.model, onnxModel(graph, ours.parameters));
  const { mean, deviation } = benchPixels;
  const floats = Float32Array.from(ours.images, (pixel) => (pixel / 255 - mean) / deviation);
  writeFileSync(files.images, floats);
  return { files, probabilities };
}

/** @throws Error where the rival's outputs for the same images differ from ours: it would do other work */
export async function checkSameOutputs(rival: Rival, { files, probabilities }: OnnxWork): Promise<void> {
  const { outputs = [] } = await rival.ask({ kind: "infer", batch, threads: 1, outputs: true, files });
  const largest = Math.max(...outputs.map((output, index) => Math.abs(output - probabilities[index])));
  if (outputs.length !== probabilities.length || !(largest < 1e-4))
    throw new Error(`${rival.name} and heddle differ by ${largest} on the same weights and images.`);
}
