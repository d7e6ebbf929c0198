import type { Machine } from "../bench/machine.js";

/** Requests of one kind under load. */
export interface LoadRow {
  readonly name: string;
  readonly connections?: number;
  /** Requests a second that were sent, where they were sent at a rate. */
  readonly rate?: number;
  readonly requestsPerSecond: number;
  readonly imagesPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
}

/** What results/serve.json holds. */
export interface ServeFile {
  readonly environment: Machine;
  readonly command: string;
  readonly model: string;
  /** Images a second: `heddle bench infer/proposed/128`, before the server ran. */
  readonly inference: number;
  /** Pictures a second that are decoded and scaled, as many at once as there are processors, before the server ran. */
  readonly decoding: number;
  readonly picture: string;
  readonly rows: readonly LoadRow[];
  /** MiB resident, as the server tells it, after so many requests. */
  readonly memory: readonly { readonly requests: number; readonly mebibytes: number }[];
}
