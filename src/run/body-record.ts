import type { HeadTrial, Unfreeze } from "../core/transfer/index.js";

/** What `config.json` says of a body that a run stands on. */
export interface BodyRecord {
  readonly name: string;
  /** MurmurHash3 of its model file. */
  readonly digest: string;
  readonly unfreeze: Unfreeze;
  /** How its head was trained before all else: the settings that came out best, and what each came to. */
  readonly head: {
    readonly weightDecay: number;
    readonly dropoutRate: number;
    readonly trials: readonly HeadTrial[];
  };
}
