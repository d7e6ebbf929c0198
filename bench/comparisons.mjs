// What is measured in turn with what.
import { modelNames } from "../dist/core/models/index.js";

const layouts = (model) =>
  model.endsWith("lstm") ? ["channels-first"] : ["channels-last", "channels-first"];

/** PyTorch in each of its memory layouts. */
const pytorch = (model, threads) =>
  layouts(model).map((layout) => ({ rival: "pytorch", setting: layout, question: { layout, threads } }));

const tensorflow = (backend) => ({
  rival: "tensorflow",
  setting: backend,
  question: { backend, threads: 1 },
});
const jax = { rival: "jax", setting: "wasm, jit", question: { threads: 1 } };

/** ONNX Runtime with as many threads as we have, and with one. */
const onnxruntime = (counts) =>
  counts.map((threads) => ({
    rival: "onnxruntime",
    setting: threads === 1 ? "1 thread" : `${threads} threads`,
    question: { threads },
  }));

/**
 * Groups of entries that run in turn. `rivals` compete with the first of `ours`, in the same work. `slow` ones
 * take minutes.
 */
export function comparisons(threads) {
  const rows = (...ours) => ours.map(([name, count = threads]) => ({ name, threads: count }));
  const one = threads === 1 ? [] : [["train/proposed/128", 1]];
  const inferenceRivals = (counts, batch) => [
    ...onnxruntime(counts),
    ...pytorch("proposed", counts[0]),
    tensorflow("wasm"),
    { ...tensorflow("cpu"), slow: batch > 1 },
    jax,
  ];
  return [
    {
      ours: rows(["train/proposed/128"], ...one, ["train/proposed/32"], ["train/proposed/512"]),
      rivals: [
        ...pytorch("proposed", threads),
        { ...tensorflow("cpu"), slow: true },
        tensorflow("wasm"),
        { ...jax, slow: true },
      ],
    },
    ...modelNames
      .filter((model) => model !== "proposed")
      .map((model) => ({ ours: rows([`train/${model}/128`]), rivals: pytorch(model, threads) })),
    {
      ours: rows(["infer/proposed/256"]),
      rivals: inferenceRivals([...new Set([threads, 1])], 256),
    },
    { ours: rows(["infer/proposed/1", 1]), rivals: inferenceRivals([...new Set([1, threads])], 1) },
  ];
}
