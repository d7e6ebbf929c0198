import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { HeddleError, UsageError } from "../../core/errors.js";
import { summarize } from "../../core/graph/index.js";
import { counted, plural } from "../../core/words.js";
import { readError } from "../../node/file-errors.js";
import { writeFileWhole } from "../../node/write-file.js";
import { type ImportedModel, type ImportOptions, importedModelFile, importOnnx } from "../../onnx/index.js";
import { pixelRangeNames } from "../../onnx/pixel-ranges.js";
import { chooseName, finiteNumber } from "../arguments.js";
import type { CommandOutput } from "./output.js";

export interface ImportCommandOptions {
  /** The ONNX file. */
  readonly file: string;
  /** Where the model is written. */
  readonly out: string;
  readonly normalization?: string;
  /** Numbers with commas between them. */
  readonly mean?: string;
  readonly deviation?: string;
  /** `224` or `192x256`. */
  readonly imageSize?: string;
  /** A text file with a name a line. */
  readonly classes?: string;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Makes a model file of what another library trained, and says how it was taken. */
export async function importCommand(options: ImportCommandOptions, out: CommandOutput): Promise<void> {
  const { file, classes, output, overwrite = false } = options;
  const normalization = normalizationFrom(options);
  const imageSize = options.imageSize === undefined ? undefined : imageSizeFrom(options.imageSize);
  if (!overwrite && existsSync(options.out))
    throw new HeddleError(
      `${options.out} is there already and was left as it is: name another file, or say --overwrite.`,
    );
  const bytes = await bytesOf(file);
  const classNames = classes === undefined ? undefined : namesIn(await bytesOf(classes), classes);
  const imported = importOnnx(bytes, {
    source: file,
    ...(normalization !== undefined && { normalization }),
    ...(imageSize && { imageSize }),
    ...(classNames && { classNames }),
    ...(output !== undefined && { output }),
  });
  await writeFileWhole(options.out, importedModelFile(imported));
  const { graph, report } = imported;
  const { parameters, multiplyAdds } = summarize(graph);
  if (options.json) {
    const { inputShape } = graph;
    const { normalization: taken, classNames: names, loss } = imported;
    const facts = { inputShape, classes: names.length, parameters, multiplyAdds, normalization: taken, loss };
    out.stdout(JSON.stringify({ event: "import", file: options.out, ...facts, ...report }));
  } else for (const line of linesOf(imported, parameters)) out.stdout(line);
  out.stderr(`Model written to ${options.out}`);
}

function linesOf({ graph, report, classNames }: ImportedModel, parameters: number): readonly string[] {
  const { producer, opset, operators, notes } = report;
  const nodes = Object.values(operators).reduce((sum, count) => sum + count, 0);
  return [
    `${plural(nodes, "node")} of ONNX ${opset}${producer === "" ? "" : ` by ${producer}`} became ` +
      `${plural(graph.nodes.length, "layer")} with ${counted(parameters)} parameters: images of ` +
      `${graph.inputShape.join("×")}, ${classNames.length} classes.`,
    ...notes.map((note) => `  ${note}`),
  ];
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
}

/** One name a line, without empty lines at the end. */
function namesIn(bytes: Uint8Array, path: string): readonly string[] {
  const names = new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .map((line) => line.trim());
  while (names.at(-1) === "") names.pop();
  if (names.length > 0 && !names.includes("")) return names;
  throw new HeddleError(
    `${path} must have a class's name in each line, but ${names.length === 0 ? "is empty" : "has an empty one"}.`,
  );
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

function imageSizeFrom(text: string): readonly [number, number] {
  const sides = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text);
  const [height, width] = sides ? [Number(sides[1]), Number(sides[2] ?? sides[1])] : [0, 0];
  if (height > 0 && width > 0) return [height, width];
  throw new UsageError(`--image-size got "${text}": expected pixels of a side, such as 224, or 192x256.`);
}
