// The Proposed CNN with heddle's weights as an ONNX file, and heddle's images, for a rival in its own process.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchNormalization, createNetworkWorkload } from "../dist/bench/network-rows.js";
import { onnxModel } from "../dist/bench/onnx.js";
import { namedLayers } from "../dist/core/layers/index.js";
import { modelDefinitions } from "../dist/core/models/index.js";

const inputShape = [28, 28, 1];
const layers = namedLayers(modelDefinitions.proposed.layers(inputShape, 10));
const batch = 256;
const ours = await createNetworkWorkload({ kind: "infer", model: "proposed", batch }, 1);
const { probabilities } = await ours.network.predict(
  Uint32Array.from({ length: batch }, (_, image) => image),
);
await ours.close();

/** @returns the two files' names, as a question to the rival wants them */
export function writeOnnxFiles(folder) {
  const model = join(folder, "proposed.onnx");
  const images = join(folder, "images.f32");
  writeFileSync(model, onnxModel(layers, inputShape, ours.parameters));
  const [mean, deviation] = [benchNormalization.mean[0], benchNormalization.deviation[0]];
  writeFileSync(
    images,
    Float32Array.from(ours.images, (pixel) => (pixel / 255 - mean) / deviation),
  );
  return { model, images };
}

/** @throws Error where the rival's outputs for the same images differ from ours: it would do other work */
export async function checkSameOutputs(rival, files) {
  const { outputs } = await rival.ask({ kind: "infer", batch, threads: 1, outputs: true, ...files });
  const largest = Math.max(...outputs.map((output, index) => Math.abs(output - probabilities[index])));
  if (outputs.length !== probabilities.length || !(largest < 1e-4))
    throw new Error(`${rival.name} and heddle differ by ${largest} on the same weights and images.`);
}
