import { f32, f32x4, i32, v128 } from "../core/wasm/index.js";
import { createKernelProgram } from "./kernel-program.js";
import { quartiles, time, warmUp } from "./measure.js";

/** Bytes of one of the triad's three arrays: together far more than any cache holds. */
const memoryBytes = 64 * 1024 * 1024;

/** The same where all three should stay in a thread's second cache. */
const cacheBytes = 96 * 1024;

const taskBytes = 32 * 1024;

/** Gigabytes a second. */
export interface Bandwidth {
  readonly memoryGigabytesPerSecond: number;
  readonly cacheGigabytesPerSecond: number;
}

/**
 * Bytes a second of the triad a = b + s · c, 128 bits at a time: 12 bytes counted a number, as McCalpin's STREAM
 * does. `memory` is over arrays that no cache holds, `cache` over arrays of each thread that its second cache does.
 */
export async function measureBandwidth(threads: number, rounds: number): Promise<Bandwidth> {
  const memory = await triad(threads, rounds, memoryBytes, 1);
  const cache = await triad(threads, rounds, cacheBytes * threads, 400);
  return { memoryGigabytesPerSecond: memory, cacheGigabytesPerSecond: cache };
}

async function triad(threads: number, rounds: number, bytes: number, repeats: number): Promise<number> {
  // In the cache a task is a thread's whole share, so that it stays where it was.
  const share = repeats === 1 ? taskBytes : bytes / threads;
  const program = await createKernelProgram(1, threads, (planner, memory) => {
    const [a, b, c] = [memory.allocate(bytes), memory.allocate(bytes), memory.allocate(bytes)];
    const run = planner.emitter.module.function(["task", "scratch"], (f, { task }) => {
      const first = f.let(i32.mul(task, share));
      const end = f.let(i32.add(first, share));
      const scale = f.let(f32x4.splat(f32.const(0.5)));
      f.for({ to: repeats }, () => {
        f.for({ from: first, to: end, step: 64 }, (at) => {
          for (const offset of [0, 16, 32, 48]) {
            const product = f32x4.mul(v128.load(at, c + offset), scale);
            f.do(v128.store(at, f32x4.add(v128.load(at, b + offset), product), a + offset));
          }
        });
      });
    });
    return [{ name: "triad", tasks: bytes / share, run }];
  });
  try {
    await warmUp(program, 200);
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await time(program, 1));
    return (3 * bytes * repeats) / quartiles(times).median / 1e6;
  } finally {
    await program.close();
  }
}
