import { preparationFor } from "../../../core/data/pictures/usual-preparation.js";
import { createNetwork } from "../../../core/engine/create.js";
import type { Network } from "../../../core/engine/network.js";
import { explainImages } from "../../../core/explain/explain-images.js";
import type { ExplainedModel } from "../../../core/explain/heat-work.js";
import type { ModelContents } from "../../../core/formats/model-file.js";
import { usualLoss } from "../../../core/loss.js";
import { yesFrom } from "../../../core/metrics/soft-losses.js";
import { classificationsOf } from "../../../core/training/classify.js";
import { modelGraph } from "../../../core/training/model-from-bytes.js";
import { predictViews } from "../../../core/training/predict-views.js";
import type { HeatMap } from "../../../report/heat-picture.js";
import type { Verdict } from "./messages.js";
import { oneThread } from "./one-thread.js";

/** Classes that are told of a picture, and more only where it has more labels. */
const told = 5;

/** A model that names one image after the other, without all that trains. */
export class Classifier {
  /** How pictures become its images. */
  readonly preparation;

  private constructor(
    private readonly contents: ModelContents,
    private readonly model: ExplainedModel,
    private readonly network: Network,
  ) {
    this.preparation = preparationFor(contents);
  }

  /** @throws HeddleError where no classifier can be made of it, or there is too little memory */
  static async open(contents: ModelContents): Promise<Classifier> {
    const graph = modelGraph(contents, "The model of this page");
    const { normalization, loss = usualLoss, tensors } = contents;
    const network = await createNetwork({
      graph,
      trainBatchSize: 0,
      inferenceBatchSize: 1,
      loss,
      threads: 1,
      platform: oneThread,
    });
    await network.writeParameters(tensors);
    await network.setNormalization(normalization);
    return new Classifier(contents, { graph, tensors, normalization, loss }, network);
  }

  /** @param image [H, W, C] as bytes */
  async classify(image: Uint8Array): Promise<Verdict> {
    const { classNames, calibration, inputShape, loss = usualLoss } = this.contents;
    const predict = (seen: Uint8Array) => this.network.predict(seen);
    const probabilities = await predictViews(predict, image, inputShape, calibration?.views);
    const [{ predictions, unsure }] = classificationsOf(
      probabilities,
      classNames,
      calibration,
      classNames.length,
    );
    const labels =
      loss === usualLoss
        ? predictions.slice(0, 1)
        : predictions.filter(({ probability }) => probability >= yesFrom);
    const [first, ...others] = predictions;
    return { labels, predictions: [first, ...others.slice(0, Math.max(told, labels.length) - 1)], unsure };
  }

  /** Where it sees a class in an image, [H, W, C] as bytes. */
  async explain(image: Uint8Array, classIndex: number): Promise<HeatMap> {
    const place = { platform: oneThread, createNetwork, threads: 1, portable: false };
    const { height, width, values } = await explainImages(
      this.model,
      { images: image, count: 1 },
      { classIndex, method: undefined, layer: undefined },
      place,
    );
    return { height, width, values };
  }
}
