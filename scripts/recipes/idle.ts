/** Below it a machine is left to the training. */
const idleLoad = 0.5;

/** What else may have run beside a training's threads, at most, when it ended. */
const besideTraining = 0.7;

/** What is known of the machine around a training. */
export interface Surroundings {
  /** Processes that waited for a processor in the minute before it began, and in its last one. */
  readonly load: number;
  readonly loadAtEnd: number;
  readonly threads: number;
  /** Whether it was trained from beginning to end, its teacher too: what went on was begun beside who knows what. */
  readonly isWhole: boolean;
}

/** Whether a training had a machine to itself, as far as its two ends tell. */
export const isIdle = ({ load, loadAtEnd, threads, isWhole }: Surroundings): boolean =>
  isWhole && load < idleLoad && loadAtEnd <= threads + besideTraining;
