import { portableArithmetic, relaxedArithmetic } from "../kernels/arithmetic.js";
import { normalizationBytes } from "../kernels/gather.js";
import { stateNames } from "../kernels/optimizer.js";
import { Arena } from "./arena.js";
import { control } from "./control.js";
import { addParameter } from "./lower/add-parameter.js";
import { lowerGraph, type ResolveParameter } from "./lower/lower.js";
import type { NetworkOptions } from "./network.js";
import { type PackedParameter, ParameterStore } from "./parameters.js";
import { hasRelaxedSimd } from "./probe.js";
import { buildProgram, type Program, type ProgramOptions } from "./program.js";
import { checkOptions } from "./refusals.js";

/** Room for the tables and counters of every program; untouched pages cost nothing. */
export const ownBytes = 4 * 1024 * 1024;

/** Everything about a network that is known before memory is asked for and threads are started. */
export interface NetworkPlan {
  readonly store: ParameterStore;
  /** What all programs of the network share. */
  readonly base: Omit<ProgramOptions, "batch" | "training">;
  /** The full training step and the full inference step, where they are wanted. */
  readonly trainer: Program | undefined;
  readonly predictor: Program | undefined;
  readonly classes: number;
  readonly arenaBytes: number;
  /** Where the next program's tables begin. */
  readonly own: number;
}

/** Lays out the arena and emits the programs. @throws UsageError or HeddleError on what can't be planned */
export function planNetwork(options: NetworkOptions, timed: boolean): NetworkPlan {
  checkOptions(options);
  const { platform, graph, trainBatchSize, inferenceBatchSize, imageCapacity, optimizer } = options;
  const shared = platform.sharedMemory;
  const threads = shared ? options.threads : 1;
  const relaxed = !options.portable && hasRelaxedSimd();

  const store = new ParameterStore();
  const packed = new Map<string, PackedParameter>();
  const register: ResolveParameter = (node, name, inChannels) => {
    const spec = node.tensors.find((tensor) => tensor.name === name)!;
    const parameter = addParameter(store, node, spec, inChannels);
    packed.set(parameter.name, parameter);
    return parameter;
  };
  const winograd = options.winograd ?? true;
  // As for training, where no tensor is folded into another and each is asked for in the graph's order.
  const { classes } = lowerGraph(graph, { training: true, winograd, resolve: register });

  const arena = new Arena(control.end);
  const [height, width, channels] = graph.inputShape;
  const training = trainBatchSize > 0 && optimizer !== undefined;
  const places: ProgramOptions["places"] = {
    parameters: arena.allocate(store.length * 4),
    gradients: training ? arena.allocate(store.trainedLength * 4) : 0,
    state: training ? stateNames(optimizer).map(() => arena.allocate(store.trainedLength * 4)) : [],
    normalization: arena.allocate(normalizationBytes(channels)),
    // Behind the loaded images there is room for a batch that was never loaded.
    images: arena.allocate((imageCapacity + inferenceBatchSize) * height * width * channels + 64),
    labels: arena.allocate(imageCapacity + inferenceBatchSize),
    indices: arena.allocate(Math.max(trainBatchSize, inferenceBatchSize) * 4),
    affine: arena.allocate(trainBatchSize * 24),
    erase: arena.allocate(trainBatchSize * 16),
    own: arena.allocate(ownBytes),
    workspace: arena.allocate(0),
  };
  const base: NetworkPlan["base"] = {
    graph,
    optimizer,
    labelSmoothing: options.labelSmoothing ?? 0,
    winograd,
    timed,
    threads,
    waitLimit: options.waitLimit ?? 60_000,
    spins: threads <= platform.cores ? 20_000 : 0,
    shared,
    arithmetic: relaxed ? relaxedArithmetic : portableArithmetic,
    resolve: (_, name) => packed.get(name)!,
    store,
    places,
  };
  let own = places.own;
  let arenaBytes = places.workspace;
  const build = (batch: number, forTraining: boolean): Program => {
    const program = buildProgram({ ...base, batch, training: forTraining, places: { ...places, own } });
    own = program.ownEnd;
    arenaBytes = Math.max(arenaBytes, program.workspaceEnd);
    return program;
  };
  const trainer = training ? build(trainBatchSize, true) : undefined;
  const predictor = inferenceBatchSize > 0 ? build(inferenceBatchSize, false) : undefined;
  return { store, base, trainer, predictor, classes, arenaBytes, own };
}
