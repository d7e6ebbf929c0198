// What is measured in turn with what.
import { modelNames } from "#heddle/core/models/index.js";
import { plural } from "#heddle/core/words.js";
import { isPaperModel, type PaperModel } from "#heddle/reproduction/paper/paper.js";
import type { Question } from "../../bench/rivals/question.js";
import type { RivalName } from "./rival-process.js";

/** A rival in one of its settings. */
export interface Opponent {
  readonly rival: RivalName;
  readonly setting: string;
  readonly question: Pick<Question, "threads" | "layout" | "backend">;
  /** It takes minutes. */
  readonly slow?: boolean;
}

/** Entries that run in turn: the rivals compete with the first of ours, in the same work. */
export interface Comparison {
  readonly ours: readonly { readonly name: string; readonly threads: number }[];
  readonly rivals: readonly Opponent[];
}

const layouts = (model: PaperModel): readonly string[] =>
  model.endsWith("lstm") ? ["channels-first"] : ["channels-last", "channels-first"];

/** PyTorch in each of its memory layouts. */
const pytorch = (model: PaperModel, threads: number): readonly Opponent[] =>
  layouts(model).map((layout) => ({ rival: "pytorch", setting: layout, question: { layout, threads } }));

const tensorflow = (backend: string): Opponent => ({
  rival: "tensorflow",
  setting: backend,
  question: { backend, threads: 1 },
});
const jax: Opponent = { rival: "jax", setting: "wasm, jit", question: { threads: 1 } };

/** ONNX Runtime with as many threads as we have, and with one. */
const onnxruntime = (counts: readonly number[]): readonly Opponent[] =>
  counts.map((threads) => ({
    rival: "onnxruntime",
    setting: plural(threads, "thread"),
    question: { threads },
  }));

export function comparisons(threads: number): readonly Comparison[] {
  const rows = (...ours: readonly (readonly [name: string, count?: number])[]) =>
    ours.map(([name, count = threads]) => ({ name, threads: count }));
  const one = threads === 1 ? [] : [["train/proposed/128", 1] as const];
  const inferenceRivals = (counts: readonly number[], batch: number): readonly Opponent[] => [
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
      .filter(isPaperModel)
      .filter((model) => model !== "proposed")
      .map((model) => ({ ours: rows([`train/${model}/128`]), rivals: pytorch(model, threads) })),
    {
      ours: rows(["infer/proposed/256"]),
      rivals: inferenceRivals([...new Set([threads, 1])], 256),
    },
    { ours: rows(["infer/proposed/1", 1]), rivals: inferenceRivals([...new Set([1, threads])], 1) },
  ];
}
