import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { TensorProto_DataLocation, TensorProto_DataType } from "onnx-buf";
import { HeddleError } from "../core/errors.js";
import { importOnnx } from "./index.js";
import { type MadeFile, node, onnxFile, sizes, smallFile, tensor } from "./testing/onnx-file.js";

const plain = { normalization: "zero-to-one" } as const;

const refusal = (bytes: Uint8Array): string => {
  try {
    importOnnx(bytes, plain);
  } catch (error) {
    assert.ok(error instanceof HeddleError, String((error as Error).stack));
    return error.message;
  }
  return "";
};

const made = (file: MadeFile): string => refusal(onnxFile(file));

/** A message of so many bytes within another, again and again. */
function nested(levels: number): Uint8Array {
  // graph (7) → node (1) → attribute (5) → graph (6) → node (1) → …
  let inner: number[] = [];
  const wrap = (field: number): void => {
    const length: number[] = [];
    let rest = inner.length;
    do {
      length.push((rest & 127) | (rest > 127 ? 128 : 0));
      rest >>= 7;
    } while (rest > 0);
    inner = [field * 8 + 2, ...length, ...inner];
  };
  for (let level = 0; level < levels; level++) for (const field of [6, 5, 1]) wrap(field);
  wrap(7);
  return Uint8Array.from(inner);
}

describe("a hostile ONNX file", () => {
  it("multiplies no constants without end", () => {
    const nodes = [
      ...Array.from({ length: 20 }, (_, index) => node("MatMul", [`p${index}`, "p0"], `p${index + 1}`)),
      node("Flatten", ["images"], "f"),
      node("MatMul", ["f", "p20"], "y"),
    ];
    const words = made({ input: [-1, 1, 16, 16], nodes, tensors: [tensor("p0", [256, 256])] });
    assert.match(words, /\(MatMul\).*multiplied with each other by more than 268,435,456 products/);
  });

  it("is a model or a refusal wherever its bytes are changed", () => {
    const whole = smallFile();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = whole.slice();
          for (const [at, byte] of changes) bytes[at] = byte;
          refusal(bytes);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("is refused wherever it was cut off, or is a model without what was lost", () => {
    const whole = smallFile();
    for (let length = 0; length < whole.length; length += 7) refusal(whole.subarray(0, length));
    assert.match(refusal(whole.subarray(0, whole.length - 300)), /no whole ONNX model/);
    assert.match(refusal(new Uint8Array(0)), /it is empty/);
    assert.match(refusal(Uint8Array.of(1, 2, 3)), /no whole ONNX model/);
  });

  it("gets no memory for what it doesn't hold", () => {
    const huge = { ...tensor("w", [1]), dims: [1_000_000n, 1_000_000n] };
    const nodes = [node("Flatten", ["images"], "f"), node("MatMul", ["f", "w"], "y")];
    assert.match(
      made({ nodes, tensors: [huge] }),
      /"w" of \[1000000, 1000000\] needs 1000000000000 values, but the file has 1/,
    );
    const many = [node("ConstantOfShape", ["to"], "w"), ...nodes];
    assert.match(made({ nodes: many, tensors: [sizes("to", 60, 2 ** 28)] }), /describes without holding it/);
    assert.match(made({ input: [-1, 2, 2 ** 20, 2 ** 20], nodes }), /too many to be meant/);
    const wide = [node("Expand", ["one", "to"], "w"), ...nodes];
    assert.match(
      made({ nodes: wide, tensors: [tensor("one", [1]), sizes("to", 60, 2 ** 40)] }),
      /describes without holding it/,
    );
  });

  it("has a graph without circles, in order, of one maker a tensor", () => {
    const circle = [node("Add", ["images", "b"], "a"), node("Relu", ["a"], "b")];
    assert.match(made({ nodes: circle }), /reads "b", which no node before it gives/);
    assert.match(
      made({ nodes: [node("Relu", ["images"], "a"), node("Relu", ["images"], "a")] }),
      /two of its nodes give "a"/,
    );
    const twice = [tensor("w", [60, 2]), tensor("w", [60, 2])];
    const nodes = [node("Flatten", ["images"], "f"), node("MatMul", ["f", "w"], "y")];
    assert.match(made({ nodes, tensors: twice }), /two of its tensors have one name/);
    assert.match(
      made({ nodes: [node("Relu", ["images"], "w"), ...nodes], tensors: [twice[0]] }),
      /named "w"|no axis|don't fit/,
    );
    assert.match(made({ nodes: [node("Relu", ["nothing"], "y")] }), /no input that its output depends on/);
  });

  it("leads to no other file", () => {
    const elsewhere = {
      name: "w",
      dims: [60n, 2n],
      dataType: TensorProto_DataType.FLOAT,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [{ key: "location", value: "../../etc/passwd" }],
    };
    const nodes = [node("Flatten", ["images"], "f"), node("MatMul", ["f", "w"], "y")];
    assert.match(
      made({ nodes, tensors: [elsewhere] }),
      /"w" has its values in another file, which is not read/,
    );
  });

  it("isn't followed into its depth, nor counted out part by part", () => {
    assert.match(refusal(nested(40)), /nested more than 32 deep/);
    const empty = new Uint8Array(2 * 500_000 + 5);
    // So many nodes without content within a graph.
    empty.set([7 * 8 + 2, 0xc0, 0x84, 0x3d]);
    for (let at = 4; at + 1 < empty.length; at += 2) empty.set([1 * 8 + 2, 0], at);
    assert.match(refusal(empty), /more than 400,000 parts|no whole ONNX model/);
  });

  it("keeps long chains of nodes flat", () => {
    const chain = Array.from({ length: 3000 }, (_, index) =>
      node(index % 2 ? "Tanh" : "Exp", [index ? `v${index - 1}` : "f"], `v${index}`),
    );
    assert.match(made({ nodes: [node("Flatten", ["images"], "f"), ...chain] }), /reads Exp of values/);
    const relus = Array.from({ length: 3000 }, (_, index) =>
      node("Relu", [index ? `v${index - 1}` : "f"], `v${index}`),
    );
    assert.equal(made({ nodes: [node("Flatten", ["images"], "f"), ...relus] }), "");
  });
});
