import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import { importTimm, type TimmName, timmNames } from "./timm.js";

type Tensors = readonly (readonly [name: string, shape: readonly number[]])[];

/** The tensors of timm's own networks of two classes, in its order. */
const fixture = JSON.parse(readFileSync("src/core/models/fixtures/timm-tensors.json", "utf8")) as Readonly<
  Record<TimmName, Tensors>
>;

const isCount = (name: string): boolean => name.endsWith("num_batches_tracked");

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** A safetensors file with a value of its own in each tensor, written in the order of the alphabet. */
function fileOf(
  tensors: Tensors,
  fill: (data: Float32Array, index: number, name: string) => void,
): Uint8Array {
  const floats = tensors.filter(([name]) => !isCount(name)).map(([name]) => name);
  let end = 0;
  const parts: Uint8Array[] = [];
  const entries = [...tensors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, shape]) => {
      const data = isCount(name) ? new BigInt64Array(1) : new Float32Array(sizeOf(shape));
      if (data instanceof Float32Array) fill(data, floats.indexOf(name), name);
      parts.push(new Uint8Array(data.buffer));
      const begin = end;
      end += data.byteLength;
      return [name, { dtype: isCount(name) ? "I64" : "F32", shape, data_offsets: [begin, end] }];
    });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return new Uint8Array(Buffer.concat([length, header, ...parts]));
}

const byIndex = (data: Float32Array, index: number): void => {
  data.fill(index);
};

describe("timm's weights", () => {
  for (const name of timmNames)
    it(`of ${name} come to their places, which are in timm's own order`, () => {
      const tensors = fixture[name];
      const { graph, weights } = importTimm(fileOf(tensors, byIndex), { architecture: name, imageSize: 32 });
      const floats = tensors.filter(([each]) => !isCount(each));
      assert.equal(weights.length, floats.length);
      weights.forEach(({ name: ours, data }, index) => {
        assert.equal(data.length, sizeOf(floats[index][1]), ours);
        assert.ok(data[0] === index && data[data.length - 1] === index, `${ours} is ${floats[data[0]]?.[0]}`);
      });
      assert.deepEqual(graph.outputShape, [2]);
    });

  it("have kernels turned to heddle's order", () => {
    const count = (data: Float32Array): void => {
      for (let at = 0; at < data.length; at++) data[at] = at;
    };
    const bytes = fileOf(fixture.mobilenetv2_100, count);
    const { weights } = importTimm(bytes, { architecture: "mobileNetV2", imageSize: [32, 40] });
    const of = (name: string): Float32Array => weights.find((each) => each.name === name)!.data;
    // [rows, columns, in, out] here, [out, in, rows, columns] there.
    const at = (y: number, x: number, i: number, o: number): number =>
      of("stem.kernel")[((y * 3 + x) * 3 + i) * 32 + o];
    assert.equal(at(1, 2, 2, 30), ((30 * 3 + 2) * 3 + 1) * 3 + 2);
    assert.equal(of("block1_depthwise.kernel")[(2 * 3 + 1) * 32 + 5], 5 * 9 + 2 * 3 + 1);
    assert.equal(of("output.kernel")[700 * 2 + 1], 1280 + 700);
  });

  it("of EfficientNet-Lite0 are padded as their network was", () => {
    const paddings = (name: TimmName): readonly unknown[] =>
      importTimm(fileOf(fixture[name], byIndex), { architecture: name, imageSize: 32 })
        .graph.nodes.filter(({ layer }) => layer.type === "depthwiseConv2d")
        .map(({ layer }) => layer.config().padding);
    assert.ok(paddings("tf_efficientnet_lite0").every((padding) => padding === "same"));
    const sides = (zeros: number) => ({ top: zeros, bottom: zeros, left: zeros, right: zeros });
    assert.deepEqual(paddings("efficientnet_lite0").slice(2, 5), [sides(1), sides(2), sides(2)]);
  });

  it("are refused where they are of another network, or none", () => {
    const bytes = fileOf(
      fixture.resnet18.filter(([name]) => name !== "layer2.0.bn1.bias"),
      byIndex,
    );
    assert.throws(
      () => importTimm(bytes, { architecture: "resNet18" }),
      /The file holds no weights of timm's resnet18: "layer2.0.bn1.bias" is missing/,
    );
    assert.throws(() => importTimm(bytes, { architecture: "mobileNetV2" }), /"classifier.weight" is missing/);
    const wide = fileOf(
      fixture.mobilenetv2_100.map(
        ([name, shape]) => [name, name === "conv_stem.weight" ? [16, 3, 3, 3] : shape] as const,
      ),
      byIndex,
    );
    assert.throws(
      () => importTimm(wide, { architecture: "mobileNetV2" }),
      /"conv_stem.weight" is \[16, 3, 3, 3\], not \[32, 3, 3, 3\]/,
    );
    assert.throws(() => importTimm(Uint8Array.of(1), { architecture: "resNet18" }), HeddleError);
    assert.throws(() => importTimm(bytes, { architecture: "resnet" as never }), UsageError);
    assert.throws(() => importTimm(bytes, undefined as never), /architecture/);
  });
});
