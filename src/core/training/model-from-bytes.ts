import { HeddleError } from "../errors.js";
import { checkFile } from "../formats/arguments.js";
import { decodeModel, type ModelContents } from "../formats/model-file.js";
import { type Graph, graphFromConfig, tensorsOf } from "../graph/index.js";
import { shapeText } from "../layers/shape.js";
import type { ModelState } from "./model-options.js";
import { checkTensors } from "./weights.js";

/**
 * The graph and state of a model from a file's bytes, for a shell's own kind of model. What its layers say of their
 * sizes is held against the tensors that are there before anything is made of it.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the bytes hold no such model.
 */
export function modelFromBytes(bytes: Uint8Array, sourceName: string): { graph: Graph; state: ModelState } {
  checkFile("modelFromBytes", bytes, sourceName);
  const contents = decodeModel(bytes, sourceName);
  const { normalization, classNames, preparation, calibration, loss, tensors } = contents;
  const graph = modelGraph(contents, sourceName);
  const besides = {
    ...(preparation && { preparation }),
    ...(calibration && { calibration }),
    ...(loss && { loss }),
  };
  return { graph, state: { weights: tensors, normalization, classNames, ...besides } };
}

/**
 * The graph of a model at rest, which its tensors and its classes fit.
 *
 * @param sourceName what it came from, for errors
 * @throws HeddleError where they don't, or no graph can be made of its layers
 */
export function modelGraph(contents: ModelContents, sourceName: string): Graph {
  const { classNames, tensors } = contents;
  const graph = describedGraph(contents, sourceName);
  checkTensors(tensors, tensorsOf(graph), sourceName);
  if (shapeText(graph.outputShape) !== shapeText([classNames.length])) {
    throw new HeddleError(
      `${sourceName} describes no classifier: its layers give ${shapeText(graph.outputShape)}, ` +
        `and it names ${classNames.length} classes. Use another copy, or train again.`,
    );
  }
  return graph;
}

function describedGraph({ layers, inputShape }: ModelContents, sourceName: string): Graph {
  try {
    return graphFromConfig(layers, inputShape);
  } catch (cause) {
    if (!(cause instanceof HeddleError)) throw cause;
    throw new HeddleError(`${sourceName} describes no model that can be built. ${cause.message}`, { cause });
  }
}
