import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf } from "../core/graph/index.js";
import { dense, reshape } from "../core/layers/index.js";
import { exportOnnx } from "../onnx/index.js";
import { contentsOf } from "../onnx/testing/model-contents.js";
import { fuzzed, itRefusesWrongArguments } from "../testing/wrong-arguments.js";
import { exportCard, exportHtml, exportSafetensors, exportTransformers } from "./index.js";

const contents = contentsOf(chainOf([reshape({ targetShape: [3] }), dense({ units: 2 })], [1, 1, 3]));
const source = { name: "mine", digest: "none", contents };
const isWritten = (bytes: Uint8Array): boolean => bytes.length > 100;

describe("exports", () => {
  itRefusesWrongArguments({
    exportOnnx: fuzzed({
      call: exportOnnx,
      args: [contents, { opset: 17, output: "logits" }],
      holds: isWritten,
    }),
    exportSafetensors: fuzzed({
      call: exportSafetensors,
      args: [contents, { layout: "pytorch" }],
      holds: isWritten,
    }),
    exportTransformers: fuzzed({
      call: exportTransformers,
      args: [source, { calibrated: false }],
      holds: (files) => files.length === 4,
    }),
    exportHtml: fuzzed({
      call: exportHtml,
      args: [source, { half: true }],
      holds: (page) => page.endsWith("</html>\n"),
    }),
    exportCard: fuzzed({
      call: exportCard,
      args: [source, { licence: "mit" }],
      holds: (card) => card.includes("\n# "),
    }),
  });

  it("say how a model, or its file's bytes, becomes what they take", async () => {
    const model = { toBytes: () => undefined, predict: () => undefined } as never;
    assert.throws(() => exportOnnx(model), {
      name: "UsageError",
      message:
        "exportOnnx takes a model at rest, as decodeModel reads it, but got a model: give " +
        'decodeModel(await model.toBytes(), "the model").',
    });
    assert.throws(() => exportSafetensors(new Uint8Array(9) as never), {
      message:
        "exportSafetensors takes a model at rest, as decodeModel reads it, but got a Uint8Array of 9: give " +
        'decodeModel(bytes, "the file\'s name").',
    });
    await assert.rejects(
      exportHtml(model),
      /^UsageError: exportHtml takes .* but got a model: .*digest: modelDigest\(bytes/,
    );
  });
});
