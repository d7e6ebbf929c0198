import { UsageError } from "../core/errors.js";
import { isRecord } from "../core/formats/json.js";
import { chainOf, type Graph, graphFromConfig, isGraph, type NodeConfig } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import { usualLoss } from "../core/loss.js";
import {
  type ChainDefinition,
  type ModelDefinition,
  type ModelName,
  modelDefinitions,
  modelNames,
} from "../core/models/index.js";
import {
  checkValue,
  choice,
  convertedBy,
  type OptionKind,
  Refusal,
  received,
  refusal,
  shape,
} from "../core/options/index.js";
import { Model } from "../core/training/model.js";
import { initialWeights } from "../core/training/weights.js";
import { type BodyModel, standsOnBody } from "./body-model.js";

/** What makes a model for any images: a graph, or a list of layers that follow each other. */
export type GivenDefinition =
  | Pick<ModelDefinition, "name" | "graph">
  | Pick<ChainDefinition, "name" | "layers">;

/** A model for images of one shape as `config.json` describes it, for files of settings. */
export interface DescribedModel {
  readonly name: string;
  /** Of its graph, as `graphConfig` gives them. */
  readonly layers: readonly NodeConfig[];
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
}

/**
 * What a run trains: one of the library's models by name, a graph or a list of layers for any images, or layers as they
 * are.
 */
export type GivenRunModel = ModelName | GivenDefinition | DescribedModel | Graph | Model | BodyModel;

/** A model before the run's images are known. */
export interface RunModel {
  readonly name: string;
  /** @param inputShape [H, W, C] of the images */
  graph(inputShape: Shape, classes: number): Graph;
  /** Of a model that was handed over. */
  readonly seed?: number;
  /** @throws UsageError where there is more to it than layers, which a run would lose */
  check?(): Promise<void>;
}

const shapeKind = shape(["height", "width", "channels"]);
const nameKind = choice(modelNames);
const expected = `${nameKind.expected}, or a model such as sequential([…], { inputShape: [28, 28, 1] }), or its graph`;

/** The model of a run as an option. */
export const runModelKind: OptionKind<RunModel, GivenRunModel> = {
  expected,
  read(value) {
    if (value instanceof Model) return ofModel(value);
    if (isGraph(value)) return { name: "model", graph: () => value };
    if (typeof value === "object" && value !== null && standsOnBody(value)) return value;
    if (isRecord(value) && Array.isArray(value.layers) && typeof value.name === "string")
      return describedKind.read(value);
    if (typeof value === "object" && value !== null) return ofDefinition(value) ?? refusal(expected, value);
    const name = nameKind.read(value);
    if (!(name instanceof Refusal)) return definedModel(modelDefinitions[name]);
    return typeof value === "string" ? name : refusal(expected, value);
  },
};

/** The model that a definition makes for any images. */
export function definedModel(definition: GivenDefinition): RunModel {
  const { name } = definition;
  if (!("layers" in definition)) return { name, graph: definition.graph };
  return {
    name,
    graph: (inputShape, classes) => chainOf(definition.layers(inputShape, classes), inputShape),
  };
}

/** Built at once: what describes no model is refused before anything is loaded. */
const describedKind = convertedBy("a model by its layers", (model: DescribedModel): RunModel => {
  const owner = `the model ${JSON.stringify(model.name)}`;
  const graph = graphFromConfig(model.layers, checkValue(owner, "inputShape", model.inputShape, shapeKind));
  return { name: model.name, graph: () => graph };
});

function ofDefinition(value: object): RunModel | undefined {
  const { name, graph, layers } = value as Partial<ChainDefinition>;
  if (typeof name !== "string" || name === "") return undefined;
  if (typeof layers === "function") return definedModel({ name, layers });
  return typeof graph === "function" ? { name, graph: checkedGraph(name, graph) } : undefined;
}

/** A definition of one's own may give anything. */
function checkedGraph(name: string, make: ModelDefinition["graph"]): ModelDefinition["graph"] {
  return (inputShape, classes) => {
    const graph: unknown = make(inputShape, classes);
    if (isGraph(graph)) return graph;
    throw new UsageError(
      `The graph of ${JSON.stringify(name)} must be what graphOf(…) or chainOf(…) gave, but is ${received(graph)}.`,
    );
  };
}

function ofModel(model: Model): RunModel {
  const { name, graph, seed } = model;
  return { name, seed, graph: () => graph, check: () => refuseMore(model) };
}

/** A run is trained and judged by the one class of each image, and by first weights of its own. */
async function refuseMore(model: Model): Promise<void> {
  if (model.loss !== usualLoss) {
    throw new UsageError(
      `A run is trained by ${usualLoss} and judged by the one class of each image, but the model ${JSON.stringify(model.name)} was compiled for ${model.loss}. Train it by its own fit, or compile it without.`,
    );
  }
  await refuseLearned(model);
}

/** A run draws its first weights from its seed: those that a model has learned would be lost without a word. */
async function refuseLearned(model: Model): Promise<void> {
  const first = initialWeights(model.graph, model.seed);
  const now = new Map((await model.getWeights()).map(({ name, data }) => [name, data]));
  const isFirst = first.every(({ name, data }) => {
    const values = now.get(name);
    return data.every((value, index) => Object.is(value, values?.[index]));
  });
  if (model.epochsDone === 0 && isFirst) return;
  throw new UsageError(
    `A run begins with the first weights of its seed, but the model ${JSON.stringify(model.name)} has learned others. Give its layers alone, as model.graph, or go on with it by its own fit.`,
  );
}
