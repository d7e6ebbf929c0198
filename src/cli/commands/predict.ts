import { createReadStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { HeddleError, UsageError } from "../../core/errors.js";
import { plural } from "../../core/words.js";
import type {
  ClassifiedPicture,
  ClassifyPictureOptions,
  UnclassifiedPicture,
} from "../../node/classify/classify-pictures.js";
import { type FoundPicture, findPictures } from "../../node/classify/find-pictures.js";
import { readNames } from "../../node/classify/name-list.js";
import { readError } from "../../node/file-errors.js";
import { modelFromFile, type NodeModel } from "../../node/node-model.js";
import { nodePlatform } from "../../node/platform.js";
import { readWeights } from "../../node/read-weights.js";
import type { WeightsName } from "../../run/run-folder.js";
import { HeatFiles } from "../heat-files.js";
import { HeatFolder } from "../heat-folder.js";
import type { Terminal } from "../terminal.js";
import { predictionCsv, predictionJson, predictionText } from "../view/prediction-lines.js";
import { weightsFrom } from "../weights-flag.js";

export interface PredictCommandOptions {
  /** A run folder, or a model file. */
  readonly model: string;
  /** Files, folders, patterns, or "-" for a picture on stdin. */
  readonly images: readonly string[];
  /** A file with names, or "-" for stdin. */
  readonly filesFrom?: string;
  /** Of a run. */
  readonly weights?: string;
  readonly top: number;
  readonly invert?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  /** A folder for pictures with heat maps. */
  readonly explain?: string;
  /** Whether `explain` may replace files that are there. */
  readonly overwrite?: boolean;
  readonly threads?: number;
}

/** Pictures that can't be used, after all others were named. */
class UnusedError extends HeddleError {
  override readonly name: string = "UnusedError";
}

/** Names pictures, a line each as they come. */
export async function predictCommand(options: PredictCommandOptions, terminal: Terminal): Promise<void> {
  const { images, filesFrom, top, invert, explain, overwrite = false } = options;
  checkSources(options);
  const weights = weightsFrom(options.weights, [options.model]);
  const maps = explain === undefined ? undefined : await HeatFolder.make(explain, { images, overwrite });
  const model = await openModel(options, weights);
  try {
    const format = options.json
      ? predictionJson
      : options.csv
        ? predictionCsv
        : predictionText(terminal.colour);
    if (format.head !== undefined) terminal.stdout(format.head);
    const found = foundPictures(images, filesFrom, maps);
    const results = classified(model, found, { topK: top, invert });
    const told = new Set<string>();
    const heat = new HeatFiles(model, explain ?? "", (method) => {
      if (method === "occlusion" && !told.has(method)) {
        terminal.stderr("The model has no convolution to look into: heat maps are made by occlusion.");
      }
      told.add(method);
    });
    if (model.calibration?.unsureBelow === 1)
      terminal.stderr(
        `Every picture will be called unsure: the images that validated were too seldom right at any probability. More pictures or epochs make a surer model.`,
      );
    let count = 0;
    let unused = 0;
    for await (const { file, result } of explain === undefined ? results : heat.written(results)) {
      count++;
      if (result.error) unused++;
      for (const line of format.lines({ file, ...result })) terminal.stdout(line);
      // Heat maps are wanted all the same.
      if (terminal.isUnread() && explain === undefined) return;
    }
    if (count === 0)
      throw new HeddleError("There is no picture in what was named: expected JPEG, PNG, WebP or AVIF.");
    if (unused > 0) throw new UnusedError(`${unused} of ${plural(count, "picture")} can't be used.`);
  } finally {
    await model.dispose();
  }
}

/** @throws UsageError on what the call alone shows */
function checkSources({ images, filesFrom, json, csv, overwrite, explain }: PredictCommandOptions): void {
  if (json && csv) throw new UsageError("--json and --csv were both given: take one of them.");
  if (overwrite && explain === undefined)
    throw new UsageError("--overwrite lets --explain replace files: give --explain too, or neither.");
  if (images.length === 0 && filesFrom === undefined)
    throw new UsageError(
      "No picture was named: give files, folders or patterns, - for one on stdin, or a list of names with --files-from.",
    );
  const fromStdin = images.filter((each) => each === "-").length + (filesFrom === "-" ? 1 : 0);
  if (fromStdin > 1)
    throw new UsageError("stdin was asked for more than once: it holds one picture, or one list of names.");
}

/** A run's model, or a model file's. */
async function openModel(
  { model: place, threads }: PredictCommandOptions,
  weights: WeightsName,
): Promise<NodeModel> {
  const { bytes, file, run } = await readWeights(place, weights);
  const model = modelFromFile(bytes, file, { name: run?.config.model, platform: nodePlatform });
  return model.compile({ threads, portable: run?.config.portable, loss: model.loss });
}

/** A picture that is to be named: by its file, or by bytes that are here. */
type NamedPicture = FoundPicture & { readonly bytes?: Uint8Array };

async function* foundPictures(
  images: readonly string[],
  filesFrom: string | undefined,
  maps: HeatFolder | undefined,
): AsyncGenerator<NamedPicture> {
  /** What lies among the heat maps is no picture of anybody's, unless it is named by itself. */
  const found = async function* (name: string): AsyncGenerator<FoundPicture> {
    for await (const picture of findPictures(name))
      if (picture.path === name || !(await maps?.has(picture.path))) yield picture;
  };
  for (const name of images) {
    if (name === "-") yield { path: "-", bytes: await buffer(process.stdin) };
    else yield* found(name);
  }
  if (filesFrom === undefined) return;
  const chunks = filesFrom === "-" ? process.stdin : createReadStream(filesFrom);
  try {
    for await (const name of readNames(chunks)) yield* found(name);
  } catch (cause) {
    throw readError(filesFrom, cause);
  }
}

interface Named {
  readonly file: string;
  readonly result: ClassifiedPicture | UnclassifiedPicture;
}

/** Names pictures; those that weren't found have their places among the others. */
async function* classified(
  model: NodeModel,
  found: AsyncIterable<NamedPicture>,
  options: ClassifyPictureOptions,
): AsyncGenerator<Named> {
  const line: NamedPicture[] = [];
  const inputs = async function* () {
    for await (const picture of found) {
      line.push(picture);
      if (!picture.error) yield picture.bytes ?? picture.path;
    }
  };
  const notFound = function* (): Generator<Named> {
    for (let [next] = line; next?.error; [next] = line) {
      line.shift();
      yield { file: next.path, result: { input: next.path, error: next.error } };
    }
  };
  for await (const result of model.classify(inputs(), options)) {
    yield* notFound();
    yield { file: line.shift()!.path, result };
  }
  yield* notFound();
}
