import { type FunctionBuilder, i32, type Local } from "../wasm/index.js";

/** Blocks of eight output channels; a count that is four more ends in half a one. */
export interface BlockRange {
  readonly channels: number;
  readonly firstBlock: Local<"i32">;
  readonly endBlock: Local<"i32">;
}

/**
 * Walks blocks, so many at once as long as there are, then fewer, the half one last. The body is emitted once for
 * each number of vectors of four channels.
 */
export function forBlocks(
  f: FunctionBuilder,
  { channels, firstBlock, endBlock }: BlockRange,
  atOnce: number,
  body: (block: Local<"i32">, vectors: number) => void,
): void {
  const fullBlocks = Math.floor(channels / 8);
  const hasHalfBlock = channels % 8 === 4;
  const block = f.let(i32.add(firstBlock, 0));
  const endFull = f.let(
    hasHalfBlock ? i32.select(i32.ltU(endBlock, fullBlocks), endBlock, fullBlocks) : i32.add(endBlock, 0),
  );
  for (const blocks of blockCounts(atOnce)) {
    if (blocks > fullBlocks) continue;
    // In C terms: for (; block + blocks <= endFull; block += blocks).
    f.while(i32.geS(endFull, i32.add(block, blocks)), () => {
      body(block, blocks * 2);
      f.add(block, blocks);
    });
  }
  if (hasHalfBlock) f.if(i32.ltU(block, endBlock), () => body(block, 1));
}

/** Five at once, then two, then one: what is left over is not walked one by one where it need not be. */
const blockCounts = (atOnce: number): number[] => [...new Set([atOnce, Math.min(atOnce, 2), 1])];

/** As many whole blocks as are known beforehand, so many at once, and in the end what is left of them. */
export function forWholeBlocks(
  f: FunctionBuilder,
  blocks: number,
  atOnce: number,
  body: (count: number) => void,
): void {
  const left = blocks % atOnce;
  if (blocks >= atOnce) f.for({ to: Math.floor(blocks / atOnce) }, () => body(atOnce));
  if (left > 0) body(left);
}

/** Where the vectors of some blocks lie, side by side within a block and a block apart: a tile's weights or outputs. */
export function blockVectors(
  count: number,
  weightBlock: number,
  outBlock: number,
): { readonly weight: number; readonly out: number }[] {
  return Array.from({ length: count }, (_, vector) => ({
    weight: Math.floor(vector / 2) * weightBlock + (vector % 2) * 16,
    out: Math.floor(vector / 2) * outBlock + (vector % 2) * 16,
  }));
}
