import { describe } from "node:test";
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
});
