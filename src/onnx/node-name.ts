import type { NodeProto } from "onnx-buf";

/** A node's name, or what it gives where it has none. */
export const nodeName = ({ name, output }: Pick<NodeProto, "name" | "output">): string =>
  name || (output.find((each) => each !== "") ?? "");
