import type { FunctionBuilder, I32, ModuleBuilder } from "../wasm/index.js";
import { i32 } from "../wasm/index.js";
import type { Arithmetic } from "./arithmetic.js";
import type { Tiling } from "./tiling.js";

/** What every kernel is emitted with. */
export interface Emitter {
  readonly module: ModuleBuilder;
  readonly arithmetic: Arithmetic;
  readonly tiling: Tiling;
  /** Puts whole numbers where kernels can read them, and gives their address. */
  constants(values: readonly number[]): number;
}

/** Runs the body for each row of a table: unrolled where it is short, else over the table in memory. */
export function forEachRow(
  emitter: Emitter,
  f: FunctionBuilder,
  rows: readonly (readonly number[])[],
  body: (...values: (I32 | number)[]) => void,
): void {
  if (rows.length <= 4) {
    for (const row of rows) body(...row);
    return;
  }
  const width = rows[0].length;
  const address = emitter.constants(rows.flat());
  f.for({ from: address, to: address + rows.length * width * 4, step: width * 4 }, (row) => {
    body(...rows[0].map((_, column) => f.let(i32.load(row, column * 4))));
  });
}
