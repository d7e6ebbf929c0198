import { HeddleError } from "../../core/errors.js";
import { type Graph, images } from "../../core/graph/index.js";
import type { NamedTensor } from "../../core/named-tensor.js";
import { modelMessage, nodeMessage, tensorMessage, valueMessage } from "./messages.js";
import { cannotWrite, type OnnxValue, type OnnxWriter, operators } from "./operators.js";

/**
 * A model for ONNX Runtime to run beside ours: images [N, C, H, W] in, softmax outputs [N, classes] out. Nothing is
 * turned while it runs but the sequences of LSTMs: the weights behind a flatten are turned instead.
 *
 * @throws HeddleError naming the layer that it can't write
 */
export function onnxModel(graph: Graph, parameters: readonly NamedTensor[]): Uint8Array<ArrayBuffer> {
  const [height, width, channels] = graph.inputShape;
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  const writer: OnnxWriter = {
    add: (operator, inputs, attributes = [], skipped = 0) => {
      const output = `value${nodes.length + 1}`;
      const outputs = [...Array.from({ length: skipped }, () => ""), output];
      nodes.push(nodeMessage(operator, inputs, outputs, attributes));
      return output;
    },
    constant: (name, dimensions, data) => {
      initializers.push(tensorMessage(name, dimensions, data));
      return name;
    },
    parameter: (name) => {
      const found = parameters.find((other) => other.name === name);
      if (found) return found;
      throw new HeddleError(`There is no tensor "${name}" to write.`);
    },
  };

  const values = new Map<number, OnnxValue>([[images, { name: "images" }]]);
  for (const node of graph.nodes) {
    if (!Object.hasOwn(operators, node.layer.type)) throw cannotWrite(node);
    const read = node.inputs.map((index) => values.get(index)!);
    values.set(node.index, operators[node.layer.type](writer, node, read));
  }
  const output = writer.add("Softmax", [values.get(graph.nodes.length - 1)!.name]);
  return modelMessage({
    nodes,
    initializers,
    input: valueMessage("images", ["N", channels, height, width]),
    output: valueMessage(output, ["N", ...graph.outputShape]),
  });
}
