import type { Graph } from "../../graph/index.js";
import type { Arithmetic } from "../../kernels/arithmetic.js";
import type { Emitter } from "../../kernels/emitter.js";
import { emitZero } from "../../kernels/fill.js";
import type { Tiling } from "../../kernels/tiling.js";
import { muonMatrices } from "../../optimizers/muon-matrices.js";
import type { OptimizerConfig } from "../../optimizers/optimizer.js";
import { i32, ModuleBuilder, Outline } from "../../wasm/index.js";
import { addWeightAverage } from "../jobs/average-jobs.js";
import { byteTasks } from "../jobs/byte-tasks.js";
import { addClipping } from "../jobs/clip-jobs.js";
import { addMuon } from "../jobs/muon-jobs.js";
import { elementwiseJob, rangesOf } from "../jobs/optimizer-jobs.js";
import { lowerGraph, type ResolveParameter } from "../lower/lower.js";
import { InputNode, type InputPlaces } from "../nodes/input.js";
import { LossNode, type LossPlaces, type LossSettings } from "../nodes/loss.js";
import { Arena } from "../plan/arena.js";
import type { Node, Planner } from "../plan/node.js";
import type { ParameterStore } from "../plan/parameters.js";
import { type Job, StepSchedule } from "../plan/step-schedule.js";
import { arenaAddress } from "../plan/tensor.js";
import type { UpdateRule } from "../plan/update-rules.js";
import { type Layout, Workspace } from "../plan/workspace.js";
import { type Accounts, StepTimer } from "../step-timer.js";
import { counterBytes, emitRun } from "./run.js";

export interface ProgramOptions extends LossSettings {
  /** With what is frozen kept. */
  readonly graph: Graph;
  readonly batch: number;
  readonly training: boolean;
  readonly optimizer?: OptimizerConfig;
  /** How the optimizer moves which tensors; none for inference alone. */
  readonly rules: readonly UpdateRule[];
  readonly clipNorm?: number;
  readonly winograd: boolean;
  /** Whether every step keeps account of what its threads spend their time on. */
  readonly timed?: boolean;
  readonly threads: number;
  readonly spins: number;
  readonly shared: boolean;
  readonly arithmetic: Arithmetic;
  readonly tiling: Tiling;
  readonly resolve: ResolveParameter;
  readonly store: ParameterStore;
  /** Whether steps may mix the samples of their batch. */
  readonly mixes: boolean;
  readonly places: InputPlaces &
    LossPlaces & {
      readonly parameters: number;
      readonly gradients: number;
      /** One address for each of the optimizer's vectors. */
      readonly state: readonly number[];
      /** Of the weights, and of the share of a step's in it; 0 where none is kept. */
      readonly average: number;
      readonly averageShare: number;
      /** First byte of the memory that programs use in turn. */
      readonly workspace: number;
      /** Never shared between programs: counters and tables of this one begin here. */
      readonly tables: number;
    };
}

/** One emitted module and where it expects what. */
export interface Program {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly batch: number;
  readonly threads: number;
  readonly tables: readonly { readonly address: number; readonly values: Int32Array }[];
  /** Where this step's dropout keys go, by layer index. */
  readonly dropoutKeys: readonly { readonly layerIndex: number; readonly address: number }[];
  readonly logits: number;
  /** Bytes from one sample's logits (and probabilities) to the next's. */
  readonly logitsBytes: number;
  readonly lossParts: number;
  readonly probabilities: number;
  /** The first stage that writes weights: until then a step that fails has changed none. */
  readonly updatesFrom: number;
  readonly workspaceEnd: number;
  readonly tablesEnd: number;
  /** Where a timed step keeps its accounts: those of a thread end at its scratch. */
  readonly accounts?: Accounts;
}

/** Plans and emits a whole step: forward, and in training loss, backward and the optimizer. */
export function buildProgram(options: ProgramOptions): Program {
  const { shared } = options;
  // Once to see what memory is needed when, and once to emit what uses it.
  const first = planStep(options, new Outline(shared));
  const planned = first.workspace.layOut(options.batch, (stage) => first.schedule.isChain(stage));
  const { module, timer, workspace, tableRoom, schedule, lowered, loss, ...step } = planStep(
    options,
    new ModuleBuilder({ maximumPages: 65_536, shared }),
    planned,
  );
  const { threads, batch } = options;
  const stages = schedule.finish();
  const accountsBytes = timer?.bytes ?? 0;
  const scratchBytes = Math.max(schedule.scratchBytes, planned.scratchBytes) + accountsBytes;
  const behind = new Arena(planned.end);
  const scratch = behind.allocate(scratchBytes * threads) + accountsBytes;
  const counters = tableRoom.allocate(counterBytes(stages.length, threads));
  emitRun(step.emitter, stages, {
    threads,
    counters,
    scratch,
    scratchBytes,
    spins: options.spins,
    timer,
  });
  const logits = lowered.logits.values!;
  return {
    bytes: module.bytes(),
    batch,
    threads,
    tables: step.tables,
    dropoutKeys: step.dropoutKeys,
    logits: arenaAddress(logits, "The logits' tensor"),
    logitsBytes: logits.sampleBytes,
    lossParts: loss.parts,
    probabilities: loss.probabilities ? arenaAddress(loss.probabilities, "The probabilities") : 0,
    updatesFrom: step.updatesFrom + stages.filter(({ preparation }) => preparation).length,
    workspaceEnd: behind.end,
    tablesEnd: tableRoom.end,
    accounts: timer && { names: timer.names, scratch, threadBytes: scratchBytes },
  };
}

/** Put-off work keeps no more than so much memory: then it is done, though others may come to be done beside it. */
const mostWaitingBytes = 64 * 1024 * 1024;

/** Every node's work in its order, with memory laid out so, or each room by itself to see when it is needed. */
function planStep(options: ProgramOptions, module: ModuleBuilder, layout?: Layout) {
  const { training, batch, places } = options;
  const timer = options.timed ? new StepTimer(module) : undefined;
  const tableRoom = new Arena(places.tables);
  const tables: { address: number; values: Int32Array }[] = [];
  const emitter: Emitter = {
    module,
    arithmetic: options.arithmetic,
    tiling: options.tiling,
    constants: (values) => {
      const address = tableRoom.allocate(values.length * 4);
      tables.push({ address, values: Int32Array.from(values) });
      return address;
    },
  };
  const dropoutKeys: { layerIndex: number; address: number }[] = [];
  const schedule = new StepSchedule(emitter, batch, timer);
  const workspace = new Workspace(places.workspace, () => schedule.progress, training, layout);
  const putOff: Job[] = [];
  let updatesFrom = Number.POSITIVE_INFINITY;
  const planner: Planner = {
    emitter,
    schedule,
    workspace,
    batch,
    training,
    parameters: places.parameters,
    gradients: places.gradients,
    clears: [],
    later: (job, ...reads) => {
      putOff.push(job);
      for (const address of reads) workspace.wait(address);
    },
    dropoutKey: (layerIndex) => {
      const known = dropoutKeys.find((key) => key.layerIndex === layerIndex);
      if (known) return known.address;
      const address = tableRoom.allocate(4);
      dropoutKeys.push({ layerIndex, address });
      return address;
    },
    changesModel: () => {
      updatesFrom = Math.min(updatesFrom, schedule.length);
    },
  };
  const catchUp = (): void => {
    schedule.stage(putOff.splice(0));
    workspace.settle();
  };

  const lowered = lowerGraph(options.graph, options);
  const loss = new LossNode(lowered.logits, lowered.classes, options, places);
  const nodes: Node[] = [
    new InputNode(lowered.input, options.graph.inputShape, places, options.mixes),
    ...lowered.nodes,
    loss,
  ];
  for (const node of nodes) workspace.phase(node, () => node.forward(planner));
  if (training && options.optimizer) {
    const { optimizer } = options;
    // What runs beside the first stage is for the way back, which must not be part of that stage.
    schedule.endChain();
    for (const node of [...nodes].reverse()) {
      if (node.backwardFirst) workspace.phase(node, () => node.backwardFirst?.(planner));
      workspace.phase(node, () => node.backward(planner));
      if (workspace.crowded(mostWaitingBytes)) catchUp();
    }
    catchUp();
    workspace.phase(undefined, () => {
      if (options.clipNorm !== undefined) addClipping(planner, options.store.trainedLength, options.clipNorm);
      planner.changesModel();
      addOptimizer(planner, options, optimizer);
      if (places.average) addWeightAverage(planner, options.store.movingLength, places);
    });
    if (planner.clears.length > 0) schedule.besideFirst(clearJob(emitter, planner.clears));
  }
  schedule.endChain();
  // What the step leaves for whoever asked for it: no node is at work any more.
  lowered.logits.values?.touch?.();
  loss.probabilities?.touch?.();
  return {
    module,
    timer,
    emitter,
    workspace,
    tableRoom,
    tables,
    schedule,
    lowered,
    loss,
    dropoutKeys,
    updatesFrom,
  };
}

/** The stages that move the weights. */
function addOptimizer(
  planner: Planner,
  { graph, rules, places }: ProgramOptions,
  config: OptimizerConfig,
): void {
  if (config.name === "muon") addMuon(planner, config, rules, muonMatrices(graph), places.state);
  else {
    const { schedule } = planner;
    schedule.stage(
      rules.map((rule) => elementwiseJob(planner, rule, places.state, rangesOf(rule.parameters))),
    );
  }
}

/** Bytes that one task clears. */
const clearTaskBytes = 128 * 1024;

/** Makes the gradients zero that are added to. */
function clearJob(emitter: Emitter, clears: Planner["clears"]): Job {
  const zero = emitZero(emitter);
  const { tasks, run } = byteTasks(
    emitter,
    clears.map(({ address, bytes }) => ({ from: address, bytes })),
    clearTaskBytes,
  );
  return {
    name: "clear gradients",
    tasks,
    run: run(({ f, from, bytes }) => {
      f.call(zero, { address: from, end: i32.add(from, bytes) });
    }),
  };
}
