import { createNetwork, fusesMultiplyAdd } from "../core/engine/create.js";
import { UsageError } from "../core/errors.js";
import { decodeModel, encodeModel, type ModelContents } from "../core/formats/model-file.js";
import { murmur3 } from "../core/formats/murmur3.js";
import { type Graph, graphFromConfig, tensorsOf } from "../core/graph/index.js";
import type { TensorSpec } from "../core/layers/layer.js";
import {
  groupOf,
  groupsWithTensors,
  type ParameterGroup,
  parameterGroupsKind,
  type ResolvedGroup,
} from "../core/optimizers/parameter-groups.js";
import { checkValue, type OptionTable, resolveOptions, share, text } from "../core/options/index.js";
import { planFit } from "../core/training/plan-fit.js";
import { headSettingsKind } from "../core/transfer/head.js";
import {
  bodyOf,
  type HeadSettings,
  standOn,
  type Unfreeze,
  unfreezeGroups,
  withHead,
} from "../core/transfer/index.js";
import { unfreezeKind, unfreezeOptions } from "../core/transfer/stand-on.js";
import { type BodyModel, bodyModels } from "./body-model.js";
import { featuresName } from "./features-name.js";

/**
 * A run's groups and behind them those that say what of a body trains. What is not unfrozen stays as it is, also where a
 * run's group names it.
 *
 * @throws UsageError on a run's group of nothing but that
 */
function groupsOnBody(
  graph: Graph,
  given: readonly ResolvedGroup[],
  own: readonly ParameterGroup[],
): readonly ParameterGroup[] {
  const stays = ({ name, kept }: TensorSpec): boolean => !kept && groupOf(name, own)?.frozen === true;
  const thawed = (tensor: TensorSpec): boolean =>
    stays(tensor) && groupOf(tensor.name, given)?.frozen === false;
  const layers = graph.nodes.filter(({ tensors }) => tensors.some(thawed)).map(({ layer }) => layer.name);
  const first = [...layers.map((name) => ({ match: `${name}.*`, frozen: true })), ...given];
  for (const group of given) {
    const matched = tensorsOf(graph).filter(({ name }) => groupOf(name, [group]));
    if (group.frozen || matched.length === 0 || !matched.every(stays)) continue;
    throw new UsageError(
      `onBody: the parameter group of ${JSON.stringify(group.match)} is of nothing but layers that are not unfrozen. Unfreeze more of the body, or leave the group out.`,
    );
  }
  return [...first, ...groupsWithTensors(own, graph, first)];
}

/** How a classifier is put on a body. */
export interface OnBodyOptions {
  /** What people call the body (default "body"). */
  readonly name?: string | undefined;
  /**
   * What trains with the head: "none" of the body, its last so many layers with kernels, or "all" of it (default). What doesn't stays, also where a run's parameterGroups name it. The head alone was trained on the body's features by then.
   */
  readonly unfreeze?: Unfreeze | undefined;
  /** What the learning rate is multiplied by for the body (default 0.3). */
  readonly learningRateFactor?: number | undefined;
  /** Whether the body's batch normalizations stay as they are, "keep" (default), or train with the rest, "move". */
  readonly batchNorm?: "keep" | "move" | undefined;
  /** Share of the features that is dropped in training (default 0.2). */
  readonly dropoutRate?: number | undefined;
  /** What is tried for the head, by cross-validation (default: as `trainHead` has it). */
  readonly headSettings?: readonly HeadSettings[] | undefined;
}

const onBodyOptions = {
  name: { meaning: "what people call the body", kind: text(), default: "body" },
  unfreeze: { meaning: "what trains with the head", kind: unfreezeKind, default: "all" },
  learningRateFactor: { ...unfreezeOptions.learningRateFactor, default: 0.3 },
  batchNorm: { ...unfreezeOptions.batchNorm, default: "keep" },
  dropoutRate: { meaning: "share of the features that is dropped in training", kind: share(), default: 0.2 },
  headSettings: {
    meaning: "what is tried for the head",
    kind: headSettingsKind,
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
 * @throws UsageError on an option that is not allowed, and on what is no model. @throws HeddleError on a model without a body.
 */
export function onBody(body: ModelContents, options: OnBodyOptions = {}): BodyModel {
  // Checked by that, and a copy: what its digest says stays true of it.
  const bytes = encodeModel(body);
  const own = decodeModel(bytes, "The body");
  const resolved = resolveOptions("onBody", options, onBodyOptions);
  const { name, unfreeze, learningRateFactor, batchNorm, dropoutRate, headSettings: choices } = resolved;
  const whole = graphFromConfig(own.layers, own.inputShape);
  bodyOf(whole);
  const digest = murmur3(bytes);
  const standing = (inputShape: readonly number[], classes: number) =>
    withHead(bodyOf(whole, inputShape), { classes, dropoutRate });
  const model: BodyModel = {
    name,
    graph: (inputShape, classes) => standing(inputShape, classes).graph,
    async begin(dataset, { fit, seed, portable, parameterGroups = [], host, threads, signal, onProgress }) {
      const { imageShape: inputShape, classNames } = dataset;
      const { split } = planFit({ inputShape, classes: classNames.length }, dataset, fit);
      // A number of layers that the body hasn't is told before anything is worked out.
      const groups = unfreezeGroups(standing(inputShape, classNames.length), unfreeze, {
        learningRateFactor,
        batchNorm,
      });
      const { platform, createNetwork: make = createNetwork } = host;
      const known = featuresName(digest, dataset.train, inputShape, {
        fused: !portable && fusesMultiplyAdd(make),
      });
      const { graph, state, headTraining } = await standOn(own, dataset, split, {
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
        cache: known === undefined ? undefined : host.features?.(known),
      });
      return {
        graph,
        state,
        parameterGroups: checkValue(
          "onBody",
          "parameterGroups",
          groupsOnBody(graph, parameterGroups, groups),
          parameterGroupsKind,
        ),
        body: { name, digest, unfreeze, head: { ...headTraining.settings, trials: headTraining.trials } },
      };
    },
  };
  bodyModels.add(model);
  return model;
}
