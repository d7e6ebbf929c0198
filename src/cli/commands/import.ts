import { readFile } from "node:fs/promises";
import { HeddleError, UsageError } from "../../core/errors.js";
import { summarize } from "../../core/graph/index.js";
import { importTimm, type TimmOptions, timmArchitectures } from "../../core/models/index.js";
import { counted, plural } from "../../core/words.js";
import { readError } from "../../node/file-errors.js";
import { utf8Text } from "../../node/utf8-text.js";
import { writeFileWhole } from "../../node/write-file.js";
import { croppedTo } from "../../onnx/import-onnx.js";
import {
  type ImportedModel,
  type ImportOptions,
  type ImportReport,
  importedModelFile,
  importOnnx,
} from "../../onnx/index.js";
import { pixelRangeNames, pixelRanges } from "../../onnx/pixel-ranges.js";
import { chooseName, finiteNumber } from "../arguments.js";
import { refuseExisting } from "../output-file.js";
import type { CommandOutput } from "./output.js";

export interface ImportCommandOptions {
  /** An ONNX file, or a safetensors file of timm's weights. */
  readonly file: string;
  /** Whose weights a safetensors file holds. */
  readonly architecture?: string;
  /** Where the model is written. */
  readonly out: string;
  readonly normalization?: string;
  /** Numbers with commas between them. */
  readonly mean?: string;
  readonly deviation?: string;
  readonly imageSize?: readonly [height: number, width: number];
  /** A text file with a name a line. */
  readonly classes?: string;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Makes a model file of what another library trained, and says how it was taken. */
export async function importCommand(options: ImportCommandOptions, out: CommandOutput): Promise<void> {
  const { file, classes, output, imageSize, overwrite = false } = options;
  const normalization = normalizationFrom(options);
  const architecture = architectureFrom(options);
  refuseExisting(options.out, { overwrite, usual: "model.safetensors" });
  const bytes = await bytesOf(file);
  const classNames = classes === undefined ? undefined : namesIn(await bytesOf(classes), classes);
  const source = { source: file, ...(imageSize && { imageSize }) };
  const imported =
    architecture === undefined
      ? ofOnnx(
          importOnnx(bytes, {
            ...source,
            ...(normalization !== undefined && { normalization }),
            ...(classNames && { classNames }),
            ...(output !== undefined && { output }),
          }),
        )
      : ofTimm(bytes, { ...source, architecture }, normalization);
  const { graph, loss } = imported;
  const names = classNames ?? imported.classNames;
  if (names.length !== imported.classNames.length)
    throw new UsageError(
      `--classes names ${names.length} classes, but ${file} tells ${imported.classNames.length} apart. Name one in each line, in their order.`,
    );
  await writeFileWhole(options.out, importedModelFile({ ...imported, classNames: names }));
  const { parameters, multiplyAdds } = summarize(graph);
  if (options.json) {
    const { normalization: taken, report } = imported;
    const facts = { inputShape: graph.inputShape, classes: names.length, parameters, multiplyAdds };
    out.stdout(
      JSON.stringify({ event: "import", file: options.out, ...facts, normalization: taken, loss, ...report }),
    );
  } else {
    out.stdout(
      `${imported.from} became ${plural(graph.nodes.length, "layer")} with ${counted(parameters)} parameters: images of ` +
        `${graph.inputShape.join("×")}, ${plural(names.length, "class", "classes")}.`,
    );
    for (const note of imported.notes) out.stdout(`  ${note}`);
  }
  out.stderr(`Model written to ${options.out}`);
}

/** What either kind of file gives, and where it came from in words. */
type Imported = Parameters<typeof importedModelFile>[0] & {
  readonly from: string;
  readonly notes: readonly string[];
  readonly report?: ImportReport;
};

function ofOnnx(imported: ImportedModel): Imported {
  const { report } = imported;
  const { producer, opset, operators, notes } = report;
  const nodes = Object.values(operators).reduce((sum, count) => sum + count, 0);
  const from = `${plural(nodes, "node")} of ONNX ${opset}${producer === "" ? "" : ` by ${producer}`}`;
  return { ...imported, from, notes };
}

function ofTimm(
  bytes: Uint8Array,
  options: TimmOptions,
  normalization: ImportOptions["normalization"],
): Imported {
  const { graph, weights, normalization: usual } = importTimm(bytes, options);
  const given = typeof normalization === "string" ? pixelRanges[normalization] : normalization;
  const [channels, classes] = [graph.inputShape[2], graph.outputShape[0]];
  const each = (numbers: readonly number[], option: string): readonly number[] => {
    if (numbers.length === channels) return numbers;
    if (numbers.length === 1) return Array<number>(channels).fill(numbers[0]);
    throw new UsageError(
      `${option} has ${numbers.length} numbers: expected ${channels}, one a channel, or one for all.`,
    );
  };
  return {
    graph,
    weights,
    normalization: given
      ? { mean: each(given.mean, "--mean"), deviation: each(given.deviation, "--deviation") }
      : usual,
    classNames: Array.from({ length: classes }, (_, index) => String(index)),
    preparation: croppedTo(graph.inputShape),
    from: `${plural(weights.length, "tensor")} of timm's ${options.architecture}`,
    notes: [given ? "pixels enter as given" : "pixels enter as those of the weights that timm offers for it"],
  };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
}

/** One name a line, without empty lines at the end. */
function namesIn(bytes: Uint8Array, path: string): readonly string[] {
  const names = utf8Text(bytes, path)
    .split(/\r?\n/)
    .map((line) => line.trim());
  while (names.at(-1) === "") names.pop();
  if (names.length > 0 && !names.includes("")) return names;
  throw new HeddleError(
    `${path} must have a class's name in each line, but ${names.length === 0 ? "is empty" : "has an empty one"}.`,
  );
}

function architectureFrom({
  file,
  architecture: name,
  output,
}: ImportCommandOptions): TimmOptions["architecture"] | undefined {
  if (name === undefined) return undefined;
  const architecture = chooseName("architecture", name, timmArchitectures);
  if (/\.onnx$/iu.test(file))
    throw new UsageError(
      `--architecture says of which network a safetensors file's weights are, but ${file} is an ONNX file, which has its own: leave it out.`,
    );
  if (output !== undefined)
    throw new UsageError(
      `--output names one of an ONNX file's outputs, but --architecture says that ${file} holds weights alone: leave one of them out.`,
    );
  return architecture;
}

function normalizationFrom({
  normalization,
  mean,
  deviation,
}: ImportCommandOptions): ImportOptions["normalization"] {
  if (normalization !== undefined && (mean ?? deviation) !== undefined)
    throw new UsageError("--normalization names a mean and a deviation: give it, or --mean and --deviation.");
  if (normalization !== undefined) return chooseName("normalization", normalization, pixelRangeNames);
  if (mean === undefined && deviation === undefined) return undefined;
  if (mean === undefined || deviation === undefined)
    throw new UsageError("--mean and --deviation belong together: give both.");
  return { mean: numbersIn("--mean", mean), deviation: numbersIn("--deviation", deviation) };
}

const numbersIn = (option: string, text: string): readonly number[] =>
  text.split(",").map((part) => finiteNumber(option)(part.trim()));
