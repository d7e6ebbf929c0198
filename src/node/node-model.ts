/// <reference lib="esnext.disposable" preserve="true" />

import { readFile } from "node:fs/promises";
import { HeddleError, UsageError } from "../core/errors.js";
import { chainOf, graphOf } from "../core/graph/index.js";
import type { Layer, Shape } from "../core/layers/layer.js";
import type { Value } from "../core/layers/value.js";
import { checkValue, plainOptions, received, text, wrapWords } from "../core/options/index.js";
import type { Platform } from "../core/platform.js";
import { Model } from "../core/training/model.js";
import { modelFromBytes } from "../core/training/model-from-bytes.js";
import { type ModelOptions, modelOptions, resolveChainOptions } from "../core/training/model-options.js";
import { type WeightsOptions, weightsKind } from "../core/training/weights-option.js";
import {
  type ClassifiedPicture,
  type ClassifyPictureOptions,
  classifyPicture,
  classifyPictures,
  isIterable,
  isPictureInput,
  type PictureInput,
  type UnclassifiedPicture,
} from "./classify/classify-pictures.js";
import { errorCode, fileErrorWords } from "./file-errors.js";
import { nodePlatform } from "./platform.js";
import { writeFileWhole } from "./write-file.js";

/** A model that can be saved to a file: `await using model = sequential(…)` ends its threads by itself. */
export class NodeModel extends Model {
  /**
   * Writes weights, layers, input shape, normalization and class names as one safetensors file, in place of
   * what was there.
   *
   * @throws UsageError unless the file is named by text, and where an average is asked for that is not kept.
   * @throws HeddleError when it can't be written.
   */
  async save(file: string, options: WeightsOptions = {}): Promise<void> {
    const path = checkValue("save", "file", file, fileKind);
    const weights = weightsKind("save", options);
    await writeFileWhole(path, await this.toBytes({ weights }));
  }

  /**
   * What it takes a picture for: JPEG, PNG, WebP or AVIF, prepared as those were that it was trained on.
   *
   * @param input a file's path, or its bytes
   * @example
   * const { predictions: [best], unsure } = await model.classify("shirt.jpg");
   * @throws PictureError where the picture can't be used.
   * @throws UsageError on what is neither, and on an option that is not allowed.
   * @throws HeddleError where no picture becomes the model's images.
   */
  classify(input: PictureInput, options?: ClassifyPictureOptions): Promise<ClassifiedPicture>;
  /**
   * The same of any number of them, as they come: decoded ahead, predicted together, in their order. One that can't be used
   * has an `error` in place of its predictions.
   *
   * @example
   * for await (const { input, predictions, error } of model.classify(["a.jpg", "b.png"])) …
   * @throws UsageError on what are none, and on an option that is not allowed.
   * @throws HeddleError where no picture becomes the model's images, or what gives them fails.
   */
  classify(
    inputs: Iterable<PictureInput> | AsyncIterable<PictureInput>,
    options?: ClassifyPictureOptions,
  ): AsyncGenerator<ClassifiedPicture | UnclassifiedPicture>;
  classify(
    given: PictureInput | Iterable<PictureInput> | AsyncIterable<PictureInput>,
    options: ClassifyPictureOptions = {},
  ): Promise<ClassifiedPicture> | AsyncGenerator<ClassifiedPicture | UnclassifiedPicture> {
    if (isPictureInput(given)) return classifyPicture(this, given, options);
    if (isIterable(given)) return classifyPictures(this, given, options);
    const hint = wrapWords(given);
    throw new UsageError(
      `classify takes a picture's path or bytes, or a list of them, but got ${received(given)}.${hint && ` ${hint}`}`,
    );
  }

  /** `dispose`, where `await using` ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

const fileKind = text(/^[^\0]+$/u, "the name of a file");

/** What a model on Node has beside its layers: its name, its seed. */
export type NodeModelOptions = Omit<ModelOptions, "platform" | "state">;

/** The same of a model of layers that follow each other, and the shape of its images. */
export type NodeChainOptions = NodeModelOptions & {
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
};

/**
 * A model of layers that follow each other, run by Node's worker threads.
 *
 * @example
 * const model = sequential([flatten(), dense({ units: 10 })], { inputShape: [28, 28, 1] });
 * @throws UsageError on options that make no sense, and on what is no list of layers.
 * @throws HeddleError when the layers don't fit the input shape or each other, end in no classes, or are larger than
 * memory.
 */
export function sequential(layers: readonly Layer[], given: NodeChainOptions): NodeModel {
  const { inputShape, ...options } = resolveChainOptions(onNode(given));
  return new NodeModel(chainOf(layers, inputShape), options);
}

/**
 * The model between its images and what comes of them, one logit a class, run by Node's worker threads.
 *
 * @example
 * const x = input([28, 28, 1]);
 * const y = conv2d({ filters: 8, kernelSize: 3, padding: "same" })(x);
 * const residual = add()([conv2d({ filters: 8, kernelSize: 3, padding: "same" })(y), y]);
 * const network = model(x, dense({ units: 10 })(globalAveragePool2d()(residual)));
 * @throws UsageError on options that make no sense, and when the output doesn't come of the input alone.
 * @throws HeddleError on an output that is no classes, or a graph larger than memory.
 */
export function model(from: Value, to: Value, options: NodeModelOptions = {}): NodeModel {
  return new NodeModel(graphOf(from, to), onNode(options));
}

/** Options with Node's platform; what are none are left as they are, to be refused. */
function onNode<Options extends object>(options: Options): Options & { platform: Platform } {
  const given: unknown = plainOptions(options, modelOptions);
  return (given === options ? given : { platform: nodePlatform, ...(given as object) }) as never;
}

/**
 * Reads a model that `save` wrote, or a run's weights.
 *
 * @throws HeddleError when the file can't be read or holds no such model.
 */
export async function loadModel(file: string, options: NodeModelOptions = {}): Promise<NodeModel> {
  checkValue("loadModel", "file", file, fileKind);
  const bytes = await readFile(file).catch((cause: unknown) => {
    const hint = errorCode(cause) === "EISDIR" ? " Of a run's folder give best.safetensors in it." : "";
    throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.${hint}`, { cause });
  });
  return modelFromFile(bytes, file, onNode(options));
}

/** A model of a file's bytes. @param file named in errors @throws HeddleError when it holds no such model */
export function modelFromFile(
  bytes: Uint8Array,
  file: string,
  options: NodeModelOptions & { platform: Platform },
): NodeModel {
  const { graph, state } = modelFromBytes(bytes, file);
  const given = plainOptions(options, modelOptions);
  return new NodeModel(graph, given === options ? given : { ...given, state });
}
