import { quoted } from "../core/options/index.js";
import type { NodeReader } from "./node-reader.js";
import type { Operators } from "./operators/operator.js";

/** Reads a node, and gives what it makes. @throws HeddleError where none of the operators can */
export function take(reader: NodeReader, operators: Operators): void {
  const { node } = reader;
  const isKnownDomain = node.domain === "" || node.domain === "ai.onnx";
  const operator = isKnownDomain ? operators.get(node.opType) : undefined;
  const why = isKnownDomain
    ? "none of heddle's layers does what it does"
    : `its operator belongs to ${quoted(node.domain)}, not to ONNX itself`;
  const given = operator ? operator(reader) : reader.refuse(why);
  reader.refuseUnread();
  const values = "kind" in given ? [given] : given;
  node.output.forEach((name, index) => {
    if (name === "") return;
    const value = values[index];
    if (value) reader.importer.give(name, value);
    else if (reader.importer.readers.has(name))
      reader.refuse(`its output ${index + 1} is read, which is not taken over`);
  });
}
