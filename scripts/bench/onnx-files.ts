// A network with heddle's weights as an ONNX file, and heddle's images, for a rival in its own process.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchNormalization, benchPixels, createNetworkWorkload } from "#heddle/bench/network-rows.js";
import { type NetworkName, networkGraph } from "#heddle/bench/networks.js";
import { graphConfig } from "#heddle/core/graph/index.js";
import { shapeSize } from "#heddle/core/layers/index.js";
import { exportOnnx } from "#heddle/onnx/index.js";
import type { WorkFiles } from "../../bench/rivals/question.js";
import type { Rival } from "./rival-process.js";

export interface OnnxWork {
  readonly files: WorkFiles;
  /** Images that the probabilities are of. */
  readonly batch: number;
  /** Ours for the first images: [batch, classes]. */
  readonly probabilities: Float32Array;
}

export async function writeOnnxFiles(folder: string, model: NetworkName, batch: number): Promise<OnnxWork> {
  const graph = networkGraph(model);
  const [height, width, channels] = graph.inputShape;
  const ours = await createNetworkWorkload({ kind: "infer", model, batch }, 1);
  const images = ours.images.subarray(0, batch * shapeSize(graph.inputShape));
  const { probabilities } = await ours.network.predict(images);
  await ours.close();
  const files = {
    model: join(folder, `${model}.onnx`),
    images: join(folder, `${model}.f32`),
    imageShape: [channels, height, width],
  };
  const contents = {
    layers: graphConfig(graph),
    inputShape: graph.inputShape,
    normalization: benchNormalization(channels),
    classNames: Array.from({ length: graph.outputShape[0] }, (_, index) => String(index)),
    tensors: ours.parameters,
  };
  // As PyTorch's exporter writes it: batch normalization stays, and the rival folds it as it likes.
  writeFileSync(files.model, exportOnnx(contents, { output: "probabilities" }));
  writeFileSync(files.images, channelsFirst(images, height * width, channels));
  return { files, batch, probabilities };
}

/** Normalized numbers of images [N, H, W, C], as [N, C, H, W]. */
function channelsFirst(images: Uint8Array, area: number, channels: number): Float32Array {
  const { mean, deviation } = benchPixels;
  const turned = new Float32Array(images.length);
  images.forEach((pixel, index) => {
    const channel = index % channels;
    const place = (index - channel) / channels;
    const image = Math.floor(place / area);
    turned[(image * channels + channel) * area + (place % area)] = (pixel / 255 - mean) / deviation;
  });
  return turned;
}

/** @throws Error where the rival's outputs for the same images differ from ours: it would do other work */
export async function checkSameOutputs(
  rival: Rival,
  { files, batch, probabilities }: OnnxWork,
): Promise<void> {
  const { outputs = [] } = await rival.ask({ kind: "infer", batch, threads: 1, outputs: true, files });
  const largest = Math.max(...outputs.map((output, index) => Math.abs(output - probabilities[index])));
  if (outputs.length !== probabilities.length || !(largest < 1e-4))
    throw new Error(`${rival.name} and heddle differ by ${largest} on the same weights and images.`);
}
