import { dense } from "../core/layers/index.js";
import { type LossName, usualLoss } from "../core/loss.js";
import { quoted } from "../core/options/index.js";
import { sigmoid } from "./expression.js";
import { dimsText, inOrder } from "./layout.js";
import type { ReadGraph } from "./read-graph.js";
import { settled } from "./settle.js";
import type { Draft, View } from "./view.js";

/** More than this are no classes. */
const mostClasses = 65_536;

/** A graph's logits, and what they are for. */
export interface Ending {
  readonly draft: Draft;
  /** Undefined where the file gives logits: nothing says what for. */
  readonly loss: LossName | undefined;
  readonly output: string;
  readonly notes: readonly string[];
}

/** The logits [classes] of a graph's output, without a softmax or a sigmoid at its end. @throws HeddleError where there are none */
export function ended({ output, outputName, reader, importer }: ReadGraph): Ending {
  const { view, isSigmoid } = withoutSigmoid(output);
  const last = settled(view, reader);
  if (!last.dims[0]?.includes(importer.batch) || last.dims[0].length > 1)
    return importer.refuse(
      `its output ${quoted(outputName)} is ${dimsText(last, reader)}, with no axis of images first`,
    );
  const long = last.dims.slice(1).filter((atoms) => atoms.length > 0);
  if (long.length > 1)
    return importer.refuse(
      `its output ${quoted(outputName)} is ${dimsText(last, reader)}, where a classifier gives one number a class, [N, classes]`,
    );
  const logits = inOrder({ ...last, dims: [last.dims[0], long[0] ?? []] }, [1], reader);
  const [classes] = logits.shape;
  if (classes > mostClasses)
    return importer.refuse(`its output ${quoted(outputName)} has ${classes} classes`);
  if (classes === 1) return ofTwoClasses(logits, isSigmoid, outputName, importer.refuse.bind(importer));
  const notes = isSigmoid
    ? ["the sigmoid at its end is left out: its outputs are labels, each with a probability of its own"]
    : last.end
      ? [`the ${last.end} at its end is left out: heddle's models give logits`]
      : [];
  return {
    draft: logits,
    loss: isSigmoid ? "binaryCrossEntropy" : last.end ? usualLoss : undefined,
    output: outputName,
    notes,
  };
}

function withoutSigmoid(output: View): { readonly view: View; readonly isSigmoid: boolean } {
  const { expression } = output;
  if (expression?.step !== sigmoid) return { view: output, isSigmoid: false };
  const [before] = expression.parts ?? [];
  return { view: { ...output, expression: before, least: Number.NEGATIVE_INFINITY }, isSigmoid: true };
}

/** One number z and a sigmoid are two classes of logits 0 and z. */
function ofTwoClasses(
  draft: Draft,
  isSigmoid: boolean,
  name: string,
  refuse: (why: string) => never,
): Ending {
  const { layer, weights } = draft;
  if (!isSigmoid || layer?.type !== "dense")
    return refuse(
      `its output ${quoted(name)} is one number an image, where a classifier gives one a class; of one number a dense layer ` +
        "with a sigmoid behind it is taken, as two classes",
    );
  const columns = (values: Float32Array) =>
    Float32Array.from({ length: 2 * values.length }, (_, index) => (index % 2 ? values[(index - 1) / 2] : 0));
  const { useBias } = layer.config() as { readonly useBias?: boolean };
  const two: Draft = {
    ...draft,
    layer: dense({ units: 2, ...(useBias === false && { useBias }) }),
    shape: [2],
    weights: Object.fromEntries(Object.entries(weights).map(([key, values]) => [key, columns(values)])),
  };
  const notes = [
    "its one output and the sigmoid behind it are two classes, of which the first has the logit 0",
  ];
  return { draft: two, loss: usualLoss, output: name, notes };
}
