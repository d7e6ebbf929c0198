import { arithmeticVersion } from "../core/arithmetic.js";
import { createNetwork, fusesMultiplyAdd } from "../core/engine/create.js";
import { encodeModel, type ModelContents } from "../core/formats/model-file.js";
import { murmur3 } from "../core/formats/murmur3.js";
import { graphFromConfig } from "../core/graph/index.js";
import { parameterGroupsKind } from "../core/optimizers/parameter-groups.js";
import {
  checkValue,
  choice,
  either,
  listOf,
  number,
  type OptionTable,
  optionsOf,
  resolveOptions,
  share,
  text,
  wholeNumber,
} from "../core/options/index.js";
import { planFit } from "../core/training/plan-fit.js";
import {
  bodyOf,
  type HeadSettings,
  standOn,
  type Unfreeze,
  unfreezeGroups,
  withHead,
} from "../core/transfer/index.js";
import { type BodyModel, bodyModels } from "./body-model.js";
import { imagesMark } from "./images-mark.js";

/** How a classifier is put on a body. */
export interface OnBodyOptions {
  /** What people call the body (default "body"). */
  readonly name?: string;
  /**
   * What trains with the head: "none" of the body, its last so many layers with kernels, or "all" of it (default), each
   * normalization with the layer before it. The head alone was trained on the body's features by then.
   */
  readonly unfreeze?: Unfreeze;
  /** What the learning rate is multiplied by for the body (default 0.3). */
  readonly learningRateFactor?: number;
  /** Share of the features that is dropped in training (default 0.2). */
  readonly dropoutRate?: number;
  /** What is tried for the head, by cross-validation (default: as `trainHead` has it). */
  readonly headSettings?: readonly HeadSettings[];
}

const onBodyOptions = {
  name: { meaning: "what people call the body", kind: text(), default: "body" },
  unfreeze: {
    meaning: "what trains with the head",
    kind: either(choice(["none", "all"]), wholeNumber({ from: 1 })),
    default: "all",
  },
  learningRateFactor: {
    meaning: "what the learning rate is multiplied by for the body",
    kind: number({ above: 0 }),
    default: 0.3,
  },
  dropoutRate: { meaning: "share of the features that is dropped in training", kind: share(), default: 0.2 },
  headSettings: {
    meaning: "what is tried for the head",
    kind: listOf(
      optionsOf({
        weightDecay: { meaning: "pulls the head's weights to zero", kind: number({ from: 0 }) },
        dropoutRate: { meaning: "share of the features that is dropped", kind: share() },
      } satisfies OptionTable<HeadSettings>),
    ),
    otherwise: "four weight decays, with dropout and without",
  },
} satisfies OptionTable<OnBodyOptions>;

/**
 * A model for a run: a trained classifier's body with a new head for the run's classes. The head is trained on the
 * body's features first, its settings by cross-validation; then the run trains it with as much of the body as is
 * unfrozen.
 *
 * @param body a model's contents, as `decodeModel` gives them
 * @example
 * const body = decodeModel(await readFile("body.safetensors"), "body.safetensors");
 * await trainRun({ model: onBody(body), data: "photos", epochs: 6 });
 * @throws UsageError on an option that is not allowed. @throws HeddleError on a model without a body.
 */
export function onBody(body: ModelContents, options: OnBodyOptions = {}): BodyModel {
  const resolved = resolveOptions("onBody", options, onBodyOptions);
  const { name, unfreeze, learningRateFactor, dropoutRate, headSettings: choices } = resolved;
  const whole = graphFromConfig(body.layers, body.inputShape);
  bodyOf(whole);
  const digest = murmur3(encodeModel(body));
  const standing = (inputShape: readonly number[], classes: number) =>
    withHead(bodyOf(whole, inputShape), { classes, dropoutRate });
  const model: BodyModel = {
    name,
    graph: (inputShape, classes) => standing(inputShape, classes).graph,
    async begin(dataset, { fit, seed, portable, parameterGroups = [], host, threads, signal, onProgress }) {
      const { imageShape: inputShape, classNames } = dataset;
      const { split } = planFit({ inputShape, classes: classNames.length }, dataset, fit);
      // A number of layers that the body hasn't is told before anything is worked out.
      const groups = unfreezeGroups(standing(inputShape, classNames.length), unfreeze, learningRateFactor);
      const { platform, createNetwork: make = createNetwork } = host;
      const key = [
        digest,
        JSON.stringify(imagesMark(dataset.train)),
        inputShape.join("x"),
        `arithmetic ${arithmeticVersion}`,
        !portable && fusesMultiplyAdd(make) ? "fused" : "plain",
      ].join(", ");
      const { graph, state, headTraining } = await standOn(body, dataset, split, {
        platform,
        createNetwork: host.createNetwork,
        threads,
        portable,
        signal,
        seed,
        classWeights: fit.classWeights,
        dropoutRate,
        choices,
        onProgress,
        cache: host.features?.(murmur3(new TextEncoder().encode(key))),
      });
      return {
        graph,
        state,
        parameterGroups: checkValue(
          "onBody",
          "parameterGroups",
          [...parameterGroups, ...groups],
          parameterGroupsKind,
        ),
        body: { name, digest, unfreeze, head: { ...headTraining.settings, trials: headTraining.trials } },
      };
    },
  };
  bodyModels.add(model);
  return model;
}
