// ONNX Runtime, native: inference alone, on heddle's own weights and images (bench/run.mjs writes both).
import { readFileSync } from "node:fs";
import { serve } from "./serve.mjs";

await serve("onnxruntime-node", "onnxruntime-node", async () => {
  const { InferenceSession, Tensor } = (await import("onnxruntime-node")).default;
  return async ({ batch, threads, model, images }) => {
    const session = await InferenceSession.create(model, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
    });
    const bytes = readFileSync(images);
    const floats = new Float32Array(bytes.buffer, bytes.byteOffset, batch * 784);
    const feeds = { images: new Tensor("float32", Float32Array.from(floats), [batch, 1, 28, 28]) };
    const work = () => session.run(feeds);
    return { work, outputs: async () => (await work())[session.outputNames[0]].data };
  };
});
