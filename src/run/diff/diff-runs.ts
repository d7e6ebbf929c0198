import { flag, functionKind, type OptionTable, resolveOptions } from "../../core/options/index.js";
import { epochsDone } from "../epochs-done.js";
import type { RunHost, StopSignal } from "../host.js";
import { RunFolder } from "../run-folder.js";
import { runOptions } from "../run-options.js";
import type { Store } from "../store.js";
import { type Claim, claimOfRun } from "../verify/claim.js";
import { changesOf, type RunChange } from "./changes.js";
import { compareTensors, type WeightsChange } from "./compare-tensors.js";
import { type PartingOptions, stepOfParting } from "./step-of-parting.js";

/** Where two runs first came to something else. */
export interface RunsParting {
  /** After this one they differ; they were the same after the one before. */
  readonly epoch: number;
  /** Whether their weights say so, or their losses and accuracies, of runs that kept no digest of each epoch's weights. */
  readonly by: "weights" | "figures";
  /** In that epoch: 0 where they begin with other weights. Known where it was asked for. */
  readonly step?: number;
}

/** What differs between two runs. */
export interface RunsDifference {
  readonly runs: readonly [string, string];
  /** Of what decides a result, beside the images. */
  readonly settings: readonly RunChange[];
  /** What the images are found by, and where both runs have receipts their digests. */
  readonly data: readonly RunChange[];
  /** Whether both have receipts: then `data` says whether they saw the same images. */
  readonly dataCompared: boolean;
  /** What they ran on, which decides nothing but whether multiply and add are fused. */
  readonly environment: readonly RunChange[];
  /** How many epochs each has done. */
  readonly epochs: readonly [number, number];
  /** Undefined where they agree as far as both went. */
  readonly parting?: RunsParting;
  /** Of the last and the best epochs, where both runs have them. */
  readonly last?: WeightsChange;
  readonly best?: WeightsChange;
  /** Of the best weights on the test images; undefined where one was not judged. */
  readonly testAccuracy: readonly [number | undefined, number | undefined];
}

/** How two runs are held against each other. */
export interface DiffRunsOptions {
  /** Whether both are trained again as far as they agree, to find the step in which they part (default false). */
  readonly steps?: boolean | undefined;
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number | undefined;
  /** Stops it, without a result. */
  readonly signal?: StopSignal | undefined;
  /** Told how far both are, where they are trained again. */
  readonly onStep?: PartingOptions["onStep"] | undefined;
}

export const diffRunsOptions = {
  steps: { meaning: "whether the step is found in which they part", kind: flag(), default: false },
  threads: runOptions.threads,
  signal: runOptions.signal,
  onStep: {
    meaning: "told how far both are",
    kind: functionKind<NonNullable<PartingOptions["onStep"]>>(),
    otherwise: "nobody",
  },
} satisfies OptionTable<DiffRunsOptions>;

/**
 * What differs between two runs: in settings, data and environment, from which epoch on their weights do, and in the
 * end by how much.
 *
 * @throws HeddleError where there is no run, its record is damaged, or a step is asked for of one that can't be repeated
 */
export async function diffRuns(
  stores: readonly [Store, Store],
  options: DiffRunsOptions,
  host: RunHost,
): Promise<RunsDifference> {
  const { steps, ...others } = resolveOptions("diffRuns", options, diffRunsOptions) as DiffRunsOptions;
  const [first, second] = [await readSide(stores[0], host), await readSide(stores[1], host)];
  const claims = [first.claim, second.claim] as const;
  const parted = partingOf(...claims);
  const step = steps && parted ? await stepOfParting(claims, parted.epoch, others, host) : undefined;
  const data = [
    ...changesOf(first.images, second.images),
    ...(claims.every((claim) => claim.data) ? changesOf(claims[0].data, claims[1].data) : []),
  ];
  const last = weightsChange(claims, "last");
  const best = weightsChange(claims, "best");
  return {
    runs: [stores[0].where, stores[1].where],
    settings: changesOf(first.settings, second.settings),
    data,
    dataCompared: claims.every((claim) => claim.data !== undefined),
    environment: changesOf(first.environment, second.environment),
    epochs: [epochsDone(claims[0].history), epochsDone(claims[1].history)],
    ...(parted && { parting: { ...parted, ...(step !== undefined && { step }) } }),
    ...(last && { last }),
    ...(best && { best }),
    testAccuracy: [claims[0].predictions?.accuracy, claims[1].predictions?.accuracy],
  };
}

/** What one of the two says of itself. */
async function readSide(store: Store, host: RunHost) {
  const claim = await claimOfRun(store, host);
  const { data, dataOptions, preparation, ownData, inputShape, ...settings } = claim.config;
  const environment = (await new RunFolder(store).readEnvironment()) ?? {};
  const { startedAt, resumed, ...machine } = environment as Record<string, unknown>;
  return {
    claim,
    settings,
    images: { data, dataOptions, preparation, ownData, inputShape },
    environment: machine,
  };
}

function partingOf(first: Claim, second: Claim): RunsParting | undefined {
  const theirs = new Map(second.history.map((each) => [each.epoch, each]));
  for (const { epoch, weightsDigest: its, ...figures } of first.history) {
    const record = theirs.get(epoch);
    if (!record) continue;
    const { weightsDigest: ours, ...others } = record;
    if (its !== undefined && ours !== undefined) {
      if (its !== ours) return { epoch, by: "weights" };
      continue;
    }
    const names = ["trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy"] as const;
    if (names.some((name) => !Object.is(figures[name], others[name]))) return { epoch, by: "figures" };
  }
  return undefined;
}

function weightsChange(
  [first, second]: readonly [Claim, Claim],
  name: "last" | "best",
): WeightsChange | undefined {
  const [ours, theirs] = [first[name], second[name]];
  if (!ours?.model || !theirs?.model) return undefined;
  return compareTensors(
    { epoch: ours.epoch, model: ours.model },
    { epoch: theirs.epoch, model: theirs.model },
  );
}
