import { EngineNetwork } from "./engine-network.js";
import type { CreateNetwork, Network, NetworkOptions, TimedNetwork } from "./network.js";
import { hasFusedMultiplyAdd } from "./probe.js";
import { planNetwork } from "./program/plan.js";

export type { TimedNetwork };

/**
 * Makes a graph ready to run: plans the arena, emits the kernels, starts the threads.
 * @throws UsageError on impossible numbers, HeddleError when the plan does not fit the memory there is
 */
export async function createNetwork(options: NetworkOptions): Promise<Network> {
  return start(options, false);
}

/** Whether the networks that something makes fuse multiply and add unless they are portable. */
export function fusesMultiplyAdd(create: CreateNetwork): boolean {
  return create.fusesMultiplyAdd?.() ?? hasFusedMultiplyAdd();
}

/** `createNetwork` with a clock around every job: slower by a few percent, the same bytes. */
export async function createTimedNetwork(options: NetworkOptions): Promise<TimedNetwork> {
  return start(options, true);
}

function start(options: NetworkOptions, timed: boolean): Promise<TimedNetwork> {
  if (options.wideVectors) options.platform.widenVectors?.();
  return EngineNetwork.start(options, planNetwork(options, timed));
}
