import type { Team } from "./team.js";

/** Ends the threads of what nobody closed and nobody can reach any more. */
const lost = new FinalizationRegistry<Team>((team) => void team.close());

/**
 * Runtimes collect what nobody can reach when much is allocated, and take neither shared memory nor threads into
 * account. These are never touched, so they take no memory; but they count.
 */
const weights = new WeakMap<object, ArrayBuffer>();

/** About what a thread takes beside the arena. */
const threadBytes = 16 * 1024 ** 2;

/** More is no stronger reason to collect. */
const mostWeight = 128 * 1024 ** 2;

/** Ends a team's threads when its owner is collected, which the team must not keep alive. */
export function closeWhenLost(owner: object, team: Team): void {
  lost.register(owner, team, owner);
  const bytes = team.memory.size + team.workers.length * threadBytes;
  try {
    weights.set(owner, new ArrayBuffer(Math.min(mostWeight, bytes)));
  } catch {
    // Where there is no room even for what is never touched, the runtime has reasons enough to collect.
  }
}

/** Leaves the team to whoever has closed it. */
export function forget(owner: object): void {
  lost.unregister(owner);
  weights.delete(owner);
}
