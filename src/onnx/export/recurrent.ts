import { gatesFirst } from "../../core/formats/weight-order.js";
import { joinFloats } from "../../core/join-floats.js";
import { asHeddle, reshape } from "./laid-out.js";
import type { LayerContext, WriteLayer } from "./layer-context.js";

/** For each block of rows that ONNX has, which of heddle's blocks it is: i, o, f, c of i, f, g, o, and z, r, h of z, r, n. */
const gates = { LSTM: [0, 3, 1, 2], GRU: [0, 1, 2] } as const;

/**
 * A recurrent layer from states of zero.
 *
 * @param prefixes of the tensors of each direction
 */
function recurrent<Type extends "lstm" | "bilstm" | "gru">(
  operator: keyof typeof gates,
  prefixes: readonly string[],
  { writer, layer, node, inputs, read }: LayerContext<Type>,
): ReturnType<WriteLayer<Type>> {
  const { units, returnSequences } = layer.options;
  const [, features] = node.inputShapes[0];
  const order: readonly number[] = gates[operator];
  const [rows, directions] = [order.length * units, prefixes.length];
  const joined = (parts: (prefix: string) => readonly Float32Array[]): Float32Array =>
    joinFloats(prefixes.flatMap(parts));
  const product = (name: string, columns: number): string =>
    writer.constant(
      name,
      [directions, rows, columns],
      joined((prefix) => [gatesFirst(order, columns, read(`${prefix}${name}`))]),
    );
  const biases = joined((prefix) => {
    const first = gatesFirst(order, 1, read(`${prefix}bias`));
    // ONNX adds two biases: of an LSTM the second is nothing.
    return [
      first,
      operator === "GRU" ? gatesFirst(order, 1, read(`${prefix}recurrentBias`)) : first.map(() => 0),
    ];
  });
  const sequence = writer.node("Transpose", [asHeddle(writer, inputs[0]).name], {
    attributes: { perm: [1, 0, 2] },
  });
  const output = writer.node(
    operator,
    [
      sequence,
      product("kernel", features),
      product("recurrentKernel", units),
      writer.constant("bias", [directions, 2 * rows], biases),
    ],
    {
      attributes: {
        hidden_size: { int: units },
        direction: directions > 1 ? "bidirectional" : "forward",
        ...(operator === "GRU" && { linear_before_reset: { int: 1 } }),
      },
      skipped: returnSequences ? 0 : 1,
    },
  );
  // Of every step [T, directions, N, units], of the last one [directions, N, units].
  const perm = returnSequences ? [2, 0, 1, 3] : [1, 0, 2];
  const batchFirst = writer.node("Transpose", [output], { attributes: { perm } });
  return { name: reshape(writer, { name: batchFirst, shape: node.shape }, node.shape), shape: node.shape };
}

export const lstm: WriteLayer<"lstm"> = (context) => recurrent("LSTM", [""], context);
export const bilstm: WriteLayer<"bilstm"> = (context) =>
  recurrent("LSTM", ["forward.", "backward."], context);
export const gru: WriteLayer<"gru"> = (context) => recurrent("GRU", [""], context);
