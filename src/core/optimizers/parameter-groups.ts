import { UsageError } from "../errors.js";
import { type Graph, tensorsOf } from "../graph/index.js";
import {
  flag,
  listOf,
  number,
  type OptionKind,
  type OptionTable,
  optionsOf,
  quoted,
  Refusal,
  type Settled,
  text,
} from "../options/index.js";
import { type OptimizerConfig, optimizerNames, optimizers } from "./optimizer.js";

/**
 * How some of a model's tensors are trained, apart from the others. Of several groups the first that matches a tensor
 * is its own, whatever others say, as in the lists of rules that t5x and big_vision go by; a tensor that none matches
 * is trained as the optimizer has it. So `[{ match: "dense_1.*" }, { match: "*", frozen: true }]` trains one layer.
 */
export interface ParameterGroup {
  /** Full names of trained tensors, where * stands for any characters: `conv2d_1.kernel`, `conv2d_*`, `*.bias`. */
  readonly match: string;
  /** What the schedule's learning rate is multiplied by for these tensors (default 1). */
  readonly learningRateFactor?: number | undefined;
  /** In place of the optimizer's own, which must have one: sgd, adamw or muon. */
  readonly weightDecay?: number | undefined;
  /**
   * Keeps the tensors as they are, to the bit (default false), at no cost: their gradients are not computed, nor those
   * of data below the lowest tensor that is trained; they count in no norm of gradients and have no optimizer state. A
   * batchNorm whose γ and β are both frozen normalizes by its running statistics, and leaves them as they are. Dropout
   * has no tensors: it drops in frozen parts as elsewhere.
   */
  readonly frozen?: boolean | undefined;
}

/** With every option, but for a weight decay that is the optimizer's own. */
export type ResolvedGroup = Settled<Omit<ParameterGroup, "weightDecay">> &
  Pick<ParameterGroup, "weightDecay">;

const groupOptions = {
  match: { meaning: "full names of trained tensors, where * stands for any characters", kind: text() },
  learningRateFactor: {
    meaning: "what the schedule's learning rate is multiplied by",
    kind: number({ above: 0 }),
    default: 1,
  },
  weightDecay: {
    meaning: "in place of the optimizer's own",
    kind: number({ from: 0 }),
    otherwise: "the optimizer's",
  },
  frozen: { meaning: "keeps the tensors as they are", kind: flag(), default: false },
} satisfies OptionTable<ParameterGroup>;

const fieldsKind = optionsOf(groupOptions, {
  elsewhere: {
    learningRate: "Give learningRateFactor: the schedule's rate is multiplied by it.",
    trainable: "Give frozen: true.",
    params: "Give match, a pattern of their names.",
  },
});

const groupKind: OptionKind<ResolvedGroup, ParameterGroup> = {
  expected: fieldsKind.expected,
  read(value) {
    const read = fieldsKind.read(value);
    if (read instanceof Refusal || !read.frozen) return read;
    if (read.learningRateFactor === 1 && read.weightDecay === undefined) return read;
    return new Refusal(
      (owner, option) =>
        `${owner}: ${option} is frozen, so that it moves by no learning rate and no weight decay. Leave them out, or leave out frozen.`,
    );
  },
};

export const parameterGroupsKind: OptionKind<readonly ResolvedGroup[], readonly ParameterGroup[]> =
  listOf(groupKind);

/** Whether a name is as a pattern says. By hand, since patterns may come from anyone. */
function matches(pattern: string, name: string): boolean {
  const [first, ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest[rest.length - 1];
  return name.length - last.length >= at && name.endsWith(last);
}

/** The group that a tensor is trained by, if any. */
export const groupOf = <Group extends Pick<ParameterGroup, "match">>(
  name: string,
  groups: readonly Group[],
): Group | undefined => groups.find(({ match }) => matches(match, name));

/** Those of some groups that other ones before them leave a trained tensor: the rest would be refused. */
export function groupsWithTensors<Group extends Pick<ParameterGroup, "match">>(
  groups: readonly Group[],
  graph: Graph,
  before: readonly Pick<ParameterGroup, "match">[] = [],
): readonly Group[] {
  const all = [...before, ...groups];
  const taken = new Set(tensorsOf(graph).map(({ name, kept }) => (kept ? undefined : groupOf(name, all))));
  return groups.filter((group) => taken.has(group));
}

/**
 * Holds groups against the tensors that a model trains.
 *
 * @throws UsageError on a group that matches none, one that earlier ones leave nothing, a weight decay that the
 * optimizer hasn't, and where all are frozen
 */
export function checkGroups(
  owner: string,
  groups: readonly ResolvedGroup[],
  graph: Graph,
  optimizer: OptimizerConfig,
): void {
  if (groups.length === 0) return;
  const names = tensorsOf(graph).flatMap(({ name, kept }) => (kept ? [] : [name]));
  for (const [index, group] of groups.entries()) {
    const place = `${owner}: parameterGroups[${index}]`;
    const matched = names.filter((name) => matches(group.match, name));
    if (matched.length === 0)
      throw new UsageError(`${place} matches no trained tensor: ${quoted(group.match)}. ${thereAre(names)}`);
    const earlier = groups.slice(0, index);
    if (matched.every((name) => groupOf(name, earlier))) {
      const first = quoted(groupOf(matched[0], earlier)!.match);
      throw new UsageError(
        `${place}, ${quoted(group.match)}, has no tensor of its own: the first group that matches one takes it, and ${first} comes before. Put the narrower one first.`,
      );
    }
    if (group.weightDecay !== undefined && !("weightDecay" in optimizer)) {
      const others = optimizerNames.filter((name) => "weightDecay" in optimizers[name].options);
      throw new UsageError(
        `${place} has a weightDecay, but ${optimizer.name} has none. Take ${others.slice(0, -1).join(", ")} or ${others.at(-1)}, or leave it out.`,
      );
    }
  }
  if (names.every((name) => groupOf(name, groups)?.frozen))
    throw new UsageError(
      `${owner}: parameterGroups freeze all that is trained, so that nothing would learn. Leave some out. ${thereAre(names)}`,
    );
}

/** More names than this are counted. */
const mostNames = 40;

const thereAre = (names: readonly string[]): string =>
  names.length === 0
    ? "The model has none: its layers have no tensors, or are not trainable."
    : `There are ${names.slice(0, mostNames).join(", ")}${names.length > mostNames ? ` and ${names.length - mostNames} more` : ""}.`;
