import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Keeps a processor busy until its standard input ends, which it does with whoever holds the other end. */
const busy = `
  new (require("node:worker_threads").Worker)("for (;;);", { eval: true });
  process.stdin.on("end", () => process.exit()).resume();
`;

export interface Neighbours {
  readonly processes: readonly ChildProcess[];
  end(): Promise<unknown>;
}

/** Processes that keep a processor busy each. They end with the one that started them, however that ends. */
export function neighbours(count: number): Neighbours {
  const processes = Array.from({ length: count }, () =>
    spawn(process.execPath, ["-e", busy], { stdio: ["pipe", "ignore", "ignore"] }),
  );
  return {
    processes,
    end: () =>
      Promise.all(
        processes.map((child) => {
          child.kill("SIGKILL");
          return once(child, "exit");
        }),
      ),
  };
}
