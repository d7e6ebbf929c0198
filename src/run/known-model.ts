import { HeddleError } from "../core/errors.js";
import { type Graph, graphConfig, graphFromConfig } from "../core/graph/index.js";
import { type ModelDefinition, modelDefinitions, withoutDropout } from "../core/models/index.js";
import { canonical } from "../core/training/checkpoint.js";
import type { RunConfig } from "./run-config.js";
import { definedModel } from "./run-model.js";

/** One of the library's models, as a run trains it. */
export interface KnownModel {
  /** As a heading: `Proposed CNN`. */
  readonly title: string;
  /** False where its dropout layers are left out. */
  readonly dropout: boolean;
}

/** Which of the library's models a run trains; undefined for any other, whatever it is called. */
export function knownModel({ model, layers, inputShape, dropout = true }: RunConfig): KnownModel | undefined {
  if (!Object.hasOwn(modelDefinitions, model)) return undefined;
  const definition: ModelDefinition = modelDefinitions[model as keyof typeof modelDefinitions];
  const { title } = definition;
  if (!layers || !inputShape) return { title, dropout };
  const graph = graphFromConfig(layers, inputShape);
  if (isGraphOf(definition, graph)) return { title, dropout: true };
  return isGraphOf(withoutDropout(definition), graph) ? { title, dropout: false } : undefined;
}

function isGraphOf(definition: ModelDefinition, graph: Graph): boolean {
  const { inputShape, outputShape } = graph;
  try {
    const own = definedModel(definition).graph(inputShape, outputShape[0]);
    return canonical(graphConfig(own)) === canonical(graphConfig(graph));
  } catch (error) {
    // Made for images of another kind.
    if (error instanceof HeddleError) return false;
    throw error;
  }
}
