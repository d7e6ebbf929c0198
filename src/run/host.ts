import type { Dataset } from "../core/data/dataset.js";
import type { PicturePreparation } from "../core/data/picture-preparation.js";
import type { CreateNetwork } from "../core/engine/network.js";
import type { Hasher } from "../core/formats/sha256.js";
import type { Platform } from "../core/platform.js";
import type { FeatureCache } from "../core/transfer/index.js";

/** The machine and the programs that a run ran on; what nobody can tell is left out. */
export interface Environment {
  /** The version of this library. */
  readonly heddle: string;
  /** The version of Node.js. */
  readonly node?: string;
  /** The version of its JavaScript engine. */
  readonly v8?: string;
  /** The system and its release: `linux 6.1.0`. */
  readonly platform?: string;
  /** The processor's kind, as its programs call it: `x64`. */
  readonly architecture?: string;
  /** As its maker calls it. */
  readonly processor?: string;
  /** Logical ones that the program may use. */
  readonly processors?: number;
  /** Bytes of memory that the machine has. */
  readonly memoryBytes?: number;
  /** Bits of the engine's vectors in this process. */
  readonly vectorBits?: number;
}

/** Stops a run: an AbortSignal is one. */
export interface StopSignal {
  /** Whether it has told to stop. */
  readonly aborted: boolean;
  /** What is thrown then, where there is no result yet. */
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** @throws the signal's reason where it has told to stop */
export function refuseStopped(signal: StopSignal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}

/** Whether what was thrown says no more than that the signal told to stop, before there was a result. */
export const isStop = (error: unknown, signal: StopSignal | undefined): boolean =>
  signal?.aborted === true && error === signal.reason;

/** What is said of a data set beside its name: JSON values, which a run's configuration keeps. */
export type DataOptions = Readonly<Record<string, unknown>>;

/** How a data set is loaded. */
export interface DataRequest {
  /** As the run was told them: Node's are those of `loadDataset`. */
  readonly options?: DataOptions;
  /** Of a run that has begun: what pictures became its images by. It counts before the options. */
  readonly preparation?: PicturePreparation;
  /** Whether all images test, where the data has no parts: nothing is to be trained on them. */
  readonly allTest?: boolean;
  /** Stops it. */
  readonly signal?: StopSignal;
}

/** What runs need of the place that they run in, beside a store: Node's is in src/node/run-host.ts. */
export interface RunHost {
  /** Threads, clock and memory. */
  readonly platform: Platform;
  /** Makes the model ready to run (default: on the engine's threads). */
  readonly createNetwork?: CreateNetwork;
  /** The data set of a name: for the same name and request the same. @throws HeddleError where there is none */
  loadData(name: string, request?: DataRequest): Promise<Dataset>;
  /** The name under which the same data is found from anywhere: a folder's whole path. */
  dataPlace(name: string): string;
  /** What keeps a body's features of a run's images, under a name that says both (left out: nothing does). */
  features?(name: string): FeatureCache;
  /** Makes what digests bytes by SHA-256 (left out: plain code does, which is slower). */
  readonly sha256?: () => Hasher;
  /** The machine and the programs, for the run's records. */
  describeEnvironment(): Environment;
}
