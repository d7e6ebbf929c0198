import { counted } from "#heddle/core/words.js";
import type { ComparedModel } from "../check-gradients/compared.js";
import { markdownTable, readResult } from "./results.js";

/** What check-gradients.ts writes. */
interface GradientsFile {
  readonly command: string;
  readonly pytorch: string;
  readonly batchSize: number;
  readonly batches: number;
  readonly models: readonly ComparedModel[];
  readonly layers: readonly ComparedModel[];
}

/** Gradients beside PyTorch's: results/gradients.json. */
export function gradientsSection(): string {
  const name = "gradients.json";
  const file = readResult<GradientsFile>(name);
  if (!file) return "_Not measured yet: `node dist/scripts/check-gradients.js PYTHON` writes the figures._";
  return `${gradientsText(file)}\n\n\`${file.command}\` → \`results/${name}\`.`;
}

export function gradientsText({ pytorch, batchSize, batches, models, layers }: GradientsFile): string {
  const beyond = [...models, ...layers].flatMap(({ model, tensors }) =>
    tensors
      .filter(({ vanishes, ratio }) => !vanishes && ratio > 2)
      .map((tensor) => [
        model,
        tensor.name,
        ...[tensor.ours, tensor.pytorch].map(power),
        times(tensor.ratio),
      ]),
  );
  return [
    `Largest relative error of any tensor, ‖float32 − float64‖ / ‖float64‖ with PyTorch ${pytorch}'s float64, medians of ${batches} batches of ${batchSize} images:`,
    "",
    overview("model", models),
    "",
    "Small networks that have every layer and every activation between them:",
    "",
    overview("network", layers),
    "",
    `Tensors whose error is more than twice that of PyTorch's float32, ${counted(beyond.length)} of ${counted(comparedOf([...models, ...layers]))} whose gradient doesn't vanish:`,
    "",
    markdownTable(["network", "tensor", "heddle", "PyTorch", "ratio"], beyond),
  ].join("\n");
}

const comparedOf = (models: readonly ComparedModel[]): number =>
  models.flatMap(({ tensors }) => tensors.filter(({ vanishes }) => !vanishes)).length;

const overview = (what: string, compared: readonly ComparedModel[]): string =>
  markdownTable(
    [what, "tensors", "heddle", "PyTorch", "largest ratio", "beyond twice"],
    compared.map(({ model, tensors, worst, beyondTwice }) => [
      model,
      counted(tensors.length),
      power(worst.ours),
      power(worst.pytorch),
      times(worst.ratio),
      counted(beyondTwice),
    ]),
  );

const superscript = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 7.2·10⁻⁷ */
function power(value: number): string {
  const [digits, exponent] = value.toExponential(1).split("e");
  const raised = [...exponent]
    .map((sign) => (sign === "-" ? "⁻" : (superscript[Number(sign)] ?? "")))
    .join("");
  return `${digits}·10${raised}`;
}

const times = (ratio: number): string => ratio.toFixed(1);
