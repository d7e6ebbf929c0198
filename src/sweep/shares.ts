import { HeddleError } from "../core/errors.js";
import type { Shape } from "../core/layers/layer.js";
import { checkValue } from "../core/options/index.js";
import { summarize } from "../core/training/summarize.js";
import { runModelKind } from "../run/run-model.js";
import type { Configuration } from "./configurations.js";

/** What a share is worked out from. */
export interface Room {
  /** Threads of all trials together. */
  readonly threads: number;
  /** Bytes of memory that are free; undefined where nobody knows. */
  readonly memory?: number;
  /** [H, W, C] of the images. */
  readonly imageShape: Shape;
  readonly classes: number;
}

/** Of the free memory, what trials may plan for themselves: the rest is for images and whoever else computes. */
const memoryShare = 0.5;

/** Networks whose memory is planned, to know the most that one takes. */
const planned = 24;

/**
 * How many trials train at once. A small network gains little from a second thread, for its steps are short and threads
 * wait for each other in each: so there are as many trials as threads, each on one, as far as memory suffices for that.
 * Where fewer trials are left, each has more threads. No result depends on it.
 */
export function trialsAtOnce(configurations: readonly Configuration[], trials: number, room: Room): number {
  const { threads, memory = Number.POSITIVE_INFINITY } = room;
  const networks = new Map(configurations.map((each) => [networkOf(each), each]));
  const most = Math.max(0, ...[...networks.values()].slice(0, planned).map((each) => memoryOf(each, room)));
  const fitting = most > 0 ? Math.floor((memoryShare * memory) / most) : Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(threads, trials, fitting));
}

/** What memory depends on. */
const networkOf = ({ settings: { model, batchSize } }: Configuration): string =>
  JSON.stringify([model, batchSize]);

/** Nothing of one that can't be trained: its trial will say why. */
function memoryOf({ settings }: Configuration, { imageShape, classes }: Room): number {
  try {
    const graph = checkValue("a trial", "model", settings.model, runModelKind).graph(imageShape, classes);
    const { batchSize = 128 } = settings as { readonly batchSize?: number };
    return summarize(graph, { batchSize }).memory.training;
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return 0;
  }
}
