/** Fixed places at the start of the arena through which threads and steps are steered. Byte addresses. */
export const control = {
  /** Counts commands: threads sleep on it. */
  generation: 0,
  /** Which program to run. */
  program: 4,
  /** How often that program ran before. */
  run: 8,
  /** Not zero once a thread has failed; see `failure`. */
  failure: 12,
  /** The last generation that told workers to leave and hear their messages. */
  leave: 16,
  /** Not zero when the preparation must run too: weights have changed, or another program used the memory. */
  prepare: 24,
  /** How often the program's preparation ran before. */
  preparation: 28,
  /** How the batch is augmented, as kernels/augmented-gather has it: 0 for not at all. */
  augmented: 96,
  /** Length, then the characters of what a crashed thread had to say. */
  message: 128,
  end: 1152,
} as const;

/** `look` is none: thread 0 wants to hear what has happened outside, and goes on waiting. */
export const failure = { none: 0, timeout: 1, crashed: 2, look: 3 } as const;

/** What `run` gives where it did not come to its end: a failure code, and the stage it waited behind. */
export const stoppedCode = (code: number, stage: number): number => (code << 16) | (stage + 1);

/** Takes what `run` gave apart. */
export const stopOf = (status: number): { readonly code: number; readonly stage: number } => ({
  code: status >> 16,
  stage: (status & 0xffff) - 1,
});
