import type { CreateNetwork } from "../engine/network.js";
import { tensorsOf } from "../graph/index.js";
import { shapeSize } from "../layers/shape.js";
import type { Platform } from "../platform.js";
import { classIndexesOf, type HeatMaps, type ResolvedExplainOptions } from "./explain-options.js";
import { gradCam } from "./grad-cam.js";
import type { ExplainedModel, WithNetwork } from "./heat-work.js";
import { occlusion } from "./occlusion.js";
import { hasTarget } from "./target-node.js";

/** What runs it. */
export interface ExplainPlace {
  readonly platform: Platform;
  readonly createNetwork: CreateNetwork;
  readonly threads: number;
  readonly portable: boolean;
}

/**
 * Heat maps of images.
 *
 * @param images [N, H, W, C] as bytes
 * @throws HeddleError on a class or a layer that isn't there, and where the model has none that Grad-CAM can look at
 */
export async function explainImages(
  model: ExplainedModel,
  images: Uint8Array,
  options: ResolvedExplainOptions,
  { platform, createNetwork, threads, portable }: ExplainPlace,
): Promise<HeatMaps> {
  const { graph, tensors, normalization, loss } = model;
  const [height, width] = graph.inputShape;
  const count = images.length / shapeSize(graph.inputShape);
  const classIndexes = classIndexesOf(options, count, graph.outputShape[0]);
  const { method = hasTarget(graph) || options.layer !== undefined ? "gradCam" : "occlusion" } = options;
  const withNetwork: WithNetwork = async (of, work) => {
    const network = await createNetwork({
      ...of,
      loss,
      trainBatchSize: 0,
      threads,
      portable,
      platform,
    });
    try {
      const wanted = new Set(tensorsOf(of.graph).map(({ name }) => name));
      await network.writeParameters(tensors.filter(({ name }) => wanted.has(name)));
      await network.setNormalization(normalization);
      return await work(network);
    } finally {
      await network.close();
    }
  };
  const work = { images, count, classIndexes, layer: options.layer, withNetwork, platform };
  const heat = await (method === "gradCam" ? gradCam : occlusion)(model, work);
  return { count, height, width, method, ...heat };
}
