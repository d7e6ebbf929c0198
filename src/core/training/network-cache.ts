import { fusesMultiplyAdd } from "../engine/create.js";
import { makeNetwork } from "../engine/make-network.js";
import type { CreateNetwork, Network, StepNeeds } from "../engine/network.js";
import { usualLoss } from "../loss.js";
import type { NamedTensor } from "../named-tensor.js";
import type { Platform } from "../platform.js";
import type { Architecture } from "./architecture.js";
import { canonical } from "./checkpoint.js";
import type { CompiledOptions } from "./compile.js";
import type { LearnedState } from "./state.js";

/** Images of a full step of prediction. */
export const inferenceBatchSize = 128;

const noNeeds: StepNeeds = { weighted: false, targets: false, mixes: false };

interface Opened {
  readonly network: Network;
  readonly compiled: CompiledOptions;
  /** Of training steps; 0 where there is room for none. */
  readonly batchSize: number;
  readonly needs: StepNeeds;
  /** What the network holds of a state, by identity; null where it holds something else. */
  weights: LearnedState["weights"] | null;
  normalization: LearnedState["normalization"] | null;
  optimizer: LearnedState["optimizer"] | null;
  average: LearnedState["average"] | null;
}

/**
 * The network that runs a model: a copy of the model's state, made when it is first wanted, kept as long as it will
 * do, and brought up to date whenever it is asked for. For one caller at a time.
 */
export class NetworkCache {
  #opened: Opened | undefined;

  constructor(
    private readonly architecture: Architecture,
    private readonly platform: Platform,
    private readonly createNetwork: CreateNetwork,
  ) {}

  /**
   * A network that holds this state, with room for a training where one is wanted.
   *
   * @param batchSize of training steps
   * @param needs of theirs
   */
  async holding(
    state: LearnedState,
    compiled: CompiledOptions,
    batchSize = 0,
    needs = noNeeds,
  ): Promise<Network> {
    if (this.#opened && !willDo(this.#opened, compiled, batchSize, needs)) await this.close();
    this.#opened ??= await this.#open(compiled, batchSize, needs);
    await write(this.#opened, state, batchSize > 0);
    return this.#opened.network;
  }

  /** Whether a network that is made for this fuses multiply and add. */
  fuses({ portable }: CompiledOptions): boolean {
    return !portable && fusesMultiplyAdd(this.createNetwork);
  }

  /** What the network holds is from now on something of its own, until `holds` says otherwise. */
  goesAhead(): void {
    if (this.#opened) Object.assign(this.#opened, { weights: null, optimizer: null, average: null });
  }

  /** The network holds this state's weights, optimizer and average: they were just read from it. */
  holds({ weights, optimizer, average }: Pick<LearnedState, "weights" | "optimizer" | "average">): void {
    if (this.#opened) Object.assign(this.#opened, { weights, optimizer, average });
  }

  /** Gives back memory and threads. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.network.close();
  }

  async #open(compiled: CompiledOptions, batchSize: number, needs: StepNeeds): Promise<Opened> {
    const { graph } = this.architecture;
    const {
      optimizer,
      loss,
      labelSmoothing,
      clipNorm,
      parameterGroups,
      weightAverage,
      threads,
      portable,
      wideVectors,
    } = compiled;
    const { smoothed, ...steps } = needs;
    const network = await makeNetwork(this.createNetwork, {
      graph,
      trainBatchSize: batchSize,
      inferenceBatchSize,
      optimizer,
      labelSmoothing,
      ...(loss !== usualLoss && { loss }),
      ...Object.fromEntries(Object.entries(steps).filter(([, needed]) => needed)),
      ...(smoothed && { labelSmoothing: 0 }),
      ...(clipNorm !== undefined && { clipNorm }),
      ...(parameterGroups && { parameterGroups }),
      ...(weightAverage && { averages: true }),
      threads,
      portable,
      wideVectors,
      platform: this.platform,
    });
    // A new network's optimizer is at its start.
    return {
      network,
      compiled,
      batchSize,
      needs,
      weights: null,
      normalization: null,
      optimizer: undefined,
      average: null,
    };
  }
}

/** Steps of another size, another optimizer or other threads want a plan of their own. */
function willDo(opened: Opened, compiled: CompiledOptions, batchSize: number, needs: StepNeeds): boolean {
  const {
    threads,
    portable,
    wideVectors,
    loss,
    optimizer,
    labelSmoothing,
    clipNorm,
    parameterGroups,
    weightAverage,
  } = opened.compiled;
  if (threads !== compiled.threads || portable !== compiled.portable || loss !== compiled.loss) return false;
  if (wideVectors !== compiled.wideVectors) return false;
  if (batchSize === 0) return true;
  return (
    opened.batchSize === batchSize &&
    canonical(opened.needs) === canonical(needs) &&
    labelSmoothing === compiled.labelSmoothing &&
    clipNorm === compiled.clipNorm &&
    (weightAverage === undefined) === (compiled.weightAverage === undefined) &&
    canonical([optimizer, parameterGroups]) === canonical([compiled.optimizer, compiled.parameterGroups])
  );
}

async function write(opened: Opened, state: LearnedState, trains: boolean): Promise<void> {
  const { network } = opened;
  if (opened.weights !== state.weights) {
    await network.writeParameters(state.weights);
    opened.weights = state.weights;
  }
  if (opened.normalization !== state.normalization) {
    await network.setNormalization(state.normalization);
    opened.normalization = state.normalization;
  }
  if (trains && opened.optimizer !== state.optimizer) {
    await network.writeOptimizerState(state.optimizer ?? (await zeros(network)));
    opened.optimizer = state.optimizer;
  }
  // One that begins anew does so with its first step.
  if (trains && state.average && opened.average !== state.average) {
    await network.writeAverage(state.average.tensors);
    opened.average = state.average;
  }
}

/** What an optimizer starts from. */
async function zeros(network: Network): Promise<NamedTensor[]> {
  const tensors = await network.readOptimizerState();
  for (const { data } of tensors) data.fill(0);
  return tensors;
}
