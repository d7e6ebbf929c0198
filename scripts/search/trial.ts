import type {
  AugmentationConfig,
  EpochRecord,
  OptimizerName,
  OptimizerOptions,
  ScheduleConfig,
  StopReason,
} from "heddle";
import type { PaperModel } from "#heddle/reproduction/paper/paper.js";

/** One training of the search for the protocol. */
export interface SearchTrial {
  /** Of its file. */
  readonly name: string;
  /** Default: the Proposed CNN. */
  readonly model?: PaperModel;
  readonly epochs: number;
  readonly seed: number;
  readonly optimizer: { readonly name: OptimizerName } & OptimizerOptions;
  readonly schedule: ScheduleConfig;
  readonly labelSmoothing: number;
  readonly augmentation: AugmentationConfig | null;
  /** First weights other than Glorot's. */
  readonly initializer?: "heUniform";
  /** The first epoch whose weights the mean has that is judged beside the last ones. */
  readonly averageFrom?: number;
}

/** What a trial came to: results/protocol-search/<name>.json. */
export interface SearchResult {
  /** Optimizer and schedule with their defaults. */
  readonly config: SearchTrial;
  /** What it was computed with. */
  readonly arithmeticVersion: number;
  readonly environment: { readonly node: string; readonly processor: string };
  readonly end: StopReason;
  /** Of the averaged weights. */
  readonly averaged?: { readonly validationAccuracy: number; readonly validationLoss: number };
  readonly history: readonly EpochRecord[];
}
