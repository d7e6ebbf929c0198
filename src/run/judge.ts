import type { ImageSet } from "../core/data/dataset.js";
import type { WeightsKind } from "../core/engine/network.js";
import { type Evaluation, evaluate } from "../core/metrics/evaluation.js";
import type { Platform } from "../core/platform.js";
import type { Model } from "../core/training/model.js";

/** A multiple of any batch; small enough that a signal is heard soon. */
const imagesAtOnce = 1024;

/** Judges a model as `model.evaluate` does, but stops where it is told to: then there is no judgement. */
export async function judge(
  model: Model,
  { count, images, labels }: ImageSet,
  {
    platform,
    signal,
    weights,
  }: {
    readonly platform: Platform;
    readonly signal?: { readonly aborted: boolean };
    readonly weights?: WeightsKind;
  },
): Promise<Evaluation | undefined> {
  const size = images.length / count;
  const probabilities = new Float32Array(count * model.classes);
  for (let first = 0; first < count; first += imagesAtOnce) {
    if (signal?.aborted) return undefined;
    const some = images.subarray(first * size, (first + imagesAtOnce) * size);
    const part = await model.predict(some, { weights });
    probabilities.set(part, first * model.classes);
    await platform.yield();
  }
  return signal?.aborted ? undefined : evaluate(probabilities, labels, model.classNames);
}
