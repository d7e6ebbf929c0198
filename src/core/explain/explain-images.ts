import { takenAway } from "../data/taken-away.js";
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

/** Images, and how many they were when they were given: their memory may go meanwhile. */
export interface ImagesToExplain {
  /** [N, H, W, C] as bytes. */
  readonly images: Uint8Array;
  readonly count: number;
}

/**
 * Heat maps of images.
 *
 * @throws UsageError where the images are taken away meanwhile
 * @throws HeddleError on a class or a layer that isn't there, and where the model has none that Grad-CAM can look at
 */
export async function explainImages(
  model: ExplainedModel,
  { images, count }: ImagesToExplain,
  options: ResolvedExplainOptions,
  { platform, createNetwork, threads, portable }: ExplainPlace,
): Promise<HeatMaps> {
  const { graph, tensors, normalization, loss } = model;
  const [height, width] = graph.inputShape;
  const size = shapeSize(graph.inputShape);
  const imagesFrom = (first: number, most: number): Uint8Array => {
    if (images.length !== count * size) throw takenAway("explain's images", "looked at");
    return images.subarray(first * size, Math.min(first + most, count) * size);
  };
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
  const work = { imagesFrom, count, classIndexes, layer: options.layer, withNetwork, platform };
  const heat = await (method === "gradCam" ? gradCam : occlusion)(model, work);
  return { count, height, width, method, ...heat };
}
