import type { ActivationName } from "../../core/layers/layer.js";
import type { GraphWriter } from "./graph-writer.js";

/** From which version of ONNX's operators on there is one for it. */
const since = { hardSwish: 14, gelu: 20 } as const;

type Write = (writer: GraphWriter, name: string, slope: number) => string;

const one =
  (operator: string): Write =>
  (writer, name) =>
    writer.node(operator, [name]);

/** ½ x (1 + f) */
function halved(writer: GraphWriter, name: string, f: string): string {
  const sum = writer.node("Add", [f, writer.number("one", 1)]);
  const product = writer.node("Mul", [name, sum]);
  return writer.node("Mul", [product, writer.number("half", 0.5)]);
}

const writes: Readonly<Record<Exclude<ActivationName, "linear">, Write>> = {
  relu: one("Relu"),
  relu6: (writer, name) => writer.node("Clip", [name, writer.number("least", 0), writer.number("most", 6)]),
  leakyRelu: (writer, name, slope) =>
    writer.node("LeakyRelu", [name], { attributes: { alpha: { float: slope } } }),
  elu: one("Elu"),
  tanh: one("Tanh"),
  sigmoid: one("Sigmoid"),
  softplus: one("Softplus"),
  silu: (writer, name) => writer.node("Mul", [name, writer.node("Sigmoid", [name])]),
  hardSwish: (writer, name) => {
    if (writer.opset >= since.hardSwish) return writer.node("HardSwish", [name]);
    const gate = writer.node("HardSigmoid", [name], {
      attributes: { alpha: { float: 1 / 6 }, beta: { float: 0.5 } },
    });
    return writer.node("Mul", [name, gate]);
  },
  gelu: (writer, name) => {
    if (writer.opset >= since.gelu) return writer.node("Gelu", [name]);
    const within = writer.node("Div", [name, writer.number("root", Math.SQRT2)]);
    return halved(writer, name, writer.node("Erf", [within]));
  },
  geluTanh: (writer, name) => {
    if (writer.opset >= since.gelu)
      return writer.node("Gelu", [name], { attributes: { approximate: "tanh" } });
    const square = writer.node("Mul", [name, name]);
    const cube = writer.node("Mul", [square, name]);
    const small = writer.node("Mul", [cube, writer.number("cubic", 0.044715)]);
    const sum = writer.node("Add", [name, small]);
    const within = writer.node("Mul", [sum, writer.number("factor", Math.sqrt(2 / Math.PI))]);
    return halved(writer, name, writer.node("Tanh", [within]));
  },
};

/** A function of each value. @param slope of leakyRelu below 0 @returns the name of what it gives */
export function activated(
  writer: GraphWriter,
  name: string,
  activation: ActivationName,
  slope = 0.01,
): string {
  return activation === "linear" ? name : writes[activation](writer, name, slope);
}
