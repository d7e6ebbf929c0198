import type { ExportCheck } from "../check-onnx-export.js";
import type { SafetensorsCheck } from "../check-safetensors.js";
import { markdownTable, readResult } from "./results.js";

/** What check-onnx-export.ts writes. */
interface OnnxFile {
  readonly command: string;
  readonly onnx: string;
  readonly onnxruntime: string;
  readonly images: number;
  readonly checks: readonly ExportCheck[];
}

/** What check-safetensors.ts writes. */
interface SafetensorsFile {
  readonly command: string;
  readonly torch: string;
  readonly images: number;
  readonly checks: readonly SafetensorsCheck[];
}

/** What exported networks give in ONNX Runtime: results/onnx-export.json. */
export function onnxExportSection(): string {
  const name = "onnx-export.json";
  const file = readResult<OnnxFile>(name);
  if (!file) return "_Not checked yet: `node dist/scripts/check-onnx-export.js PYTHON` writes the results._";
  const { command, onnx, onnxruntime, images, checks } = file;
  return [
    `${images.toLocaleString("en-US")} test images of Fashion-MNIST, ONNX Runtime ${onnxruntime}'s native build; the checker of onnx ${onnx} takes every file.`,
    "",
    markdownTable(
      [
        "model",
        "file",
        "largest difference of a probability",
        "images of another class",
        "same bytes after an import",
      ],
      checks.map(({ model, form, largestDifference, otherClass, sameAfterImport }) => [
        model,
        form,
        largestDifference.toExponential(1),
        String(otherClass),
        sameAfterImport === undefined ? "" : sameAfterImport ? "yes" : "no",
      ]),
    ),
    "",
    `\`${command}\` → \`results/${name}\`.`,
  ].join("\n");
}

/** What PyTorch gives with exported weights: results/safetensors-export.json. */
export function safetensorsExportSection(): string {
  const name = "safetensors-export.json";
  const file = readResult<SafetensorsFile>(name);
  if (!file) return "_Not checked yet: `node dist/scripts/check-safetensors.js PYTHON` writes the results._";
  const { command, torch, images, checks } = file;
  return [
    `Logits of ${images} images in PyTorch ${torch}, the largest difference from heddle's in double precision over the largest of them:`,
    "",
    markdownTable(
      ["network", "difference"],
      checks.map(({ network, largestDifference }) => [network, largestDifference.toExponential(1)]),
    ),
    "",
    `\`${command}\` → \`results/${name}\`.`,
  ].join("\n");
}
