// ONNX Runtime, native: inference alone, on heddle's own weights and images (scripts/bench/run.ts writes both).
import { readFileSync } from "node:fs";
import { serve } from "./serve.js";

await serve("onnxruntime-node", "onnxruntime-node", async () => {
  const { InferenceSession, Tensor } = (await import("onnxruntime-node")).default;
  return async ({ batch, threads, files }) => {
    if (!files) throw new Error("it was given no model");
    const session = await InferenceSession.create(files.model, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
    });
    const bytes = readFileSync(files.images);
    const shape = [batch, ...files.imageShape];
    const floats = new Float32Array(
      bytes.buffer,
      bytes.byteOffset,
      shape.reduce((a, b) => a * b),
    );
    const feeds = { images: new Tensor("float32", Float32Array.from(floats), shape) };
    const work = () => session.run(feeds);
    return { work, outputs: async () => (await work())[session.outputNames[0]].data };
  };
});
