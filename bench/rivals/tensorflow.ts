// TensorFlow.js in plain JavaScript (`cpu`) or WebAssembly (`wasm`: inference alone, it has no gradient of a
// convolution's filter). The Proposed CNN.
import { serve } from "./serve.js";

await serve("TensorFlow.js", "@tensorflow/tfjs", async () => {
  const tf = await import("@tensorflow/tfjs");
  await import("@tensorflow/tfjs-backend-wasm");
  return async ({ kind, batch, backend = "cpu" }) => {
    if (kind === "train" && backend === "wasm")
      throw new Error("it can't train: it has no gradient of a convolution's filter");
    if (!(await tf.setBackend(backend))) throw new Error(`it has no ${backend} backend here`);
    const { layers } = tf;
    const conv = (filters: number, first: { readonly inputShape?: readonly number[] } = {}) =>
      layers.conv2d({ filters, kernelSize: 3, activation: "relu", ...first });
    const model = tf.sequential({
      layers: [
        conv(32, { inputShape: [28, 28, 1] }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.dropout({ rate: 0.25 }),
        conv(64),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.dropout({ rate: 0.25 }),
        conv(128),
        conv(256),
        layers.dropout({ rate: 0.5 }),
        layers.flatten(),
        layers.dense({ units: 256, activation: "relu" }),
        layers.dense({ units: 128, activation: "relu" }),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 10, activation: "softmax" }),
      ],
    });
    const images = tf.randomNormal([batch, 28, 28, 1]);
    if (kind === "infer")
      return {
        work: async () => {
          await tf.setBackend(backend);
          const outputs = model.predict(images, { batchSize: batch });
          await outputs.data();
          outputs.dispose();
        },
      };
    model.compile({ optimizer: tf.train.adam(1e-4), loss: "categoricalCrossentropy" });
    const labels = tf.oneHot(tf.randomUniform([batch], 0, 10, "int32"), 10);
    return {
      work: async () => {
        await tf.setBackend(backend);
        await model.trainOnBatch(images, labels);
      },
    };
  };
});
