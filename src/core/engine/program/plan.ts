import { freeze } from "../../graph/index.js";
import { summarize } from "../../graph/summary.js";
import { portableArithmetic, relaxedArithmetic } from "../../kernels/arithmetic.js";
import { normalizationBytes } from "../../kernels/gather.js";
import { mixingBytes } from "../../kernels/mix.js";
import { stateNames } from "../../kernels/optimizer.js";
import { narrowTiling } from "../../kernels/tiling.js";
import { usualLoss } from "../../loss.js";
import { groupOf } from "../../optimizers/parameter-groups.js";
import type { Platform } from "../../platform.js";
import { control } from "../control.js";
import { addParameter } from "../lower/add-parameter.js";
import { lowerGraph, type ResolveParameter } from "../lower/lower.js";
import type { NetworkOptions } from "../network.js";
import { augmentationBytes } from "../nodes/input.js";
import { targetBytes } from "../nodes/loss.js";
import { Arena } from "../plan/arena.js";
import { type PackedParameter, ParameterStore } from "../plan/parameters.js";
import { updateRules } from "../plan/update-rules.js";
import { hasFusedMultiplyAdd } from "../probe.js";
import { checkOptions } from "../refusals.js";
import { largestArena } from "../threads/memory.js";
import { buildProgram, type Program, type ProgramOptions } from "./program.js";

/** Room for the tables and counters of all programs, at first; a plan that needs more is made anew with it. */
const firstTableBytes = 256 * 1024;

/** Inference may take as much memory as a training step, and so much in any case. */
const modestBytes = 128 * 1024 ** 2;

/** Below so many multiply-adds, a third of a millisecond, waking the others costs more than it saves. */
const aloneWork = 12e6;

/** Threads of a program: an inference step of little work is done by the calling one alone. */
export function threadsFor(
  { base, sampleWork }: Pick<NetworkPlan, "base" | "sampleWork">,
  batch: number,
  training: boolean,
): number {
  return training || batch * sampleWork >= aloneWork ? base.threads : 1;
}

/** What a network is planned for: of the place where it runs no threads, as nothing is started. */
export type PlanOptions = Omit<NetworkOptions, "platform"> & {
  readonly platform: Pick<Platform, "cores" | "sharedMemory" | "availableMemory" | "tiling">;
};

/** Everything about a network that is known before memory is asked for and threads are started. */
export interface NetworkPlan {
  readonly store: ParameterStore;
  /** What all programs of the network share. */
  readonly base: Omit<ProgramOptions, "batch" | "training">;
  /** The full training step and the full inference step, where they are wanted. */
  readonly trainer: Program | undefined;
  readonly predictor: Program | undefined;
  readonly classes: number;
  /** Multiply-adds of one image's forward pass. */
  readonly sampleWork: number;
  readonly arenaBytes: number;
  /** Where the tables of programs made later begin, and where their room ends. */
  readonly tables: { readonly next: number; readonly end: number };
}

/**
 * Lays out the arena and emits the programs. Inference is planned for fewer images at once where the wanted ones
 * would take much more memory than training does, or more than there is.
 * @throws UsageError or HeddleError on what can't be planned
 */
export function planNetwork(options: PlanOptions, timed: boolean): NetworkPlan {
  checkOptions(options);
  const limit = Math.min(largestArena, options.platform.availableMemory?.() ?? largestArena);
  let tableBytes = firstTableBytes;
  let { inferenceBatchSize } = options;
  for (;;) {
    const plan = layOut({ ...options, inferenceBatchSize }, timed, tableBytes);
    const missing = plan.tables.next - plan.tables.end;
    const batch = grantedInference(plan, limit);
    if (missing <= 0 && batch === inferenceBatchSize) return plan;
    if (missing > 0) tableBytes += missing + firstTableBytes;
    inferenceBatchSize = batch;
  }
}

/** Images of an inference step that takes no more memory than it is granted. */
function grantedInference({ trainer, predictor, base }: NetworkPlan, limit: number): number {
  if (!predictor) return 0;
  const { workspace } = base.places;
  const wanted = predictor.workspaceEnd - workspace;
  const training = trainer ? trainer.workspaceEnd - workspace : 0;
  const granted = Math.max(training, Math.min(modestBytes, limit - workspace));
  // Scratch and the like don't shrink with the batch: a little less than its share.
  return wanted <= granted
    ? predictor.batch
    : Math.max(1, Math.floor((predictor.batch * granted) / wanted / 1.05));
}

function layOut(options: PlanOptions, timed: boolean, tableBytes: number): NetworkPlan {
  const { platform, trainBatchSize, inferenceBatchSize, optimizer, parameterGroups: groups = [] } = options;
  const graph = freeze(options.graph, (name) => groupOf(name, groups)?.frozen === true);
  const shared = platform.sharedMemory;
  const threads = shared ? options.threads : 1;
  const arithmetic = !options.portable && hasFusedMultiplyAdd() ? relaxedArithmetic : portableArithmetic;

  const store = new ParameterStore();
  const packed = new Map<string, PackedParameter>();
  const register: ResolveParameter = (node, name, inChannels) => {
    const spec = node.tensors.find((tensor) => tensor.name === name)!;
    const parameter = addParameter(store, node, spec, inChannels);
    packed.set(parameter.name, parameter);
    return parameter;
  };
  const winograd = options.winograd ?? true;
  // Where no tensor is folded into another, each is asked for in the graph's order.
  const lowering = { training: true, folding: "none", winograd, resolve: register } as const;
  const { classes } = lowerGraph(graph, lowering);

  const arena = new Arena(control.end);
  const [height, width, channels] = graph.inputShape;
  const training = trainBatchSize > 0 && optimizer !== undefined;
  const averages = training && options.averages === true;
  const rules = training
    ? updateRules(optimizer, groups, store.trained, (bytes) => arena.allocate(bytes))
    : [];
  const largestBatch = Math.max(trainBatchSize, inferenceBatchSize);
  const places: ProgramOptions["places"] = {
    parameters: arena.allocate(store.length * 4),
    gradients: training ? arena.allocate(store.trainedLength * 4) : 0,
    state: training ? stateNames(optimizer).map(() => arena.allocate(store.trainedLength * 4)) : [],
    average: averages ? arena.allocate(store.movingLength * 4) : 0,
    averageShare: averages ? arena.allocate(4) : 0,
    normalization: arena.allocate(normalizationBytes(channels)),
    images: arena.allocate(largestBatch * height * width * channels + 64),
    labels: arena.allocate(largestBatch * 4),
    targets: options.targets ? arena.allocate(trainBatchSize * targetBytes(classes)) : 0,
    weights: options.weighted ? arena.allocate(trainBatchSize * 4) : 0,
    affine: arena.allocate(trainBatchSize * augmentationBytes.affine),
    erase: arena.allocate(trainBatchSize * augmentationBytes.erase),
    crop: arena.allocate(trainBatchSize * augmentationBytes.crop),
    colour: arena.allocate(trainBatchSize * augmentationBytes.colour),
    mixing: options.mixes ? arena.allocate(mixingBytes + trainBatchSize * 4) : 0,
    tables: arena.allocate(tableBytes),
    workspace: arena.allocate(0),
  };
  const base: NetworkPlan["base"] = {
    graph,
    optimizer,
    rules,
    labelSmoothing: options.labelSmoothing ?? 0,
    loss: options.loss ?? usualLoss,
    raw: options.outputs === "logits",
    weighted: options.weighted ?? false,
    soft: options.targets ?? false,
    ...(options.distillation && { distillation: options.distillation }),
    mixes: options.mixes ?? false,
    clipNorm: options.clipNorm,
    winograd,
    timed,
    threads,
    spins: threads <= platform.cores ? 20_000 : 0,
    shared,
    arithmetic,
    tiling: platform.tiling?.(arithmetic.relaxed) ?? narrowTiling,
    resolve: (_, name) => packed.get(name)!,
    store,
    places,
  };
  const { multiplyAdds: sampleWork } = summarize(graph);
  let next = places.tables;
  let arenaBytes = places.workspace;
  const build = (batch: number, forTraining: boolean): Program => {
    const program = buildProgram({
      ...base,
      threads: threadsFor({ base, sampleWork }, batch, forTraining),
      batch,
      training: forTraining,
      places: { ...places, tables: next },
    });
    next = program.tablesEnd;
    arenaBytes = Math.max(arenaBytes, program.workspaceEnd);
    return program;
  };
  const trainer = training ? build(trainBatchSize, true) : undefined;
  const predictor = inferenceBatchSize > 0 ? build(inferenceBatchSize, false) : undefined;
  const tables = { next, end: places.tables + tableBytes };
  return { store, base, trainer, predictor, classes, sampleWork, arenaBytes, tables };
}
