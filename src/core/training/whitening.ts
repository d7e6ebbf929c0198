import type { Normalization } from "../data/dataset.js";
import { PatchMoments, whiteningKernel } from "../data/whitening.js";
import { UsageError } from "../errors.js";
import { type Graph, images } from "../graph/index.js";
import { layerText } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";

/** A kernel that the images which train decide. */
export interface WhitenedKernel {
  readonly name: string;
  /** Of windows of its size over them. */
  readonly moments: PatchMoments;
}

/** @throws UsageError where a layer that is to whiten reads anything but the images */
export function checkWhitening({ nodes }: Graph): void {
  for (const { layer, inputs, tensors } of nodes) {
    if (inputs[0] === images || tensors.every(({ initializer }) => initializer !== "whitening")) continue;
    throw new UsageError(
      `${layerText(layer)} has the kernelInitializer "whitening", which is worked out from the images, but reads ${layerText(nodes[inputs[0]].layer)}. ` +
        "Make it the first layer, or take another initializer.",
    );
  }
}

/** The kernels that a first fit has to work out: those which still are the zeros of a new model. */
export function unwhitened(
  { nodes, inputShape }: Graph,
  weights: readonly NamedTensor[],
): readonly WhitenedKernel[] {
  const specs = nodes.flatMap(({ tensors }) => tensors);
  return weights.flatMap(({ name, shape, data }, index) =>
    specs[index].initializer === "whitening" && data.every((value) => value === 0)
      ? [{ name, moments: new PatchMoments(inputShape, shape.slice(0, 2)) }]
      : [],
  );
}

/** The weights with those kernels as the images and their normalization have them. */
export function whitened(
  weights: readonly NamedTensor[],
  kernels: readonly WhitenedKernel[],
  normalization: Normalization,
): readonly NamedTensor[] {
  return weights.map((tensor) => {
    const moments = kernels.find(({ name }) => name === tensor.name)?.moments;
    if (!moments) return tensor;
    const [, , , filters] = tensor.shape;
    return { ...tensor, data: whiteningKernel(moments.covariance(normalization), moments.size, filters) };
  });
}
