// Works a process as a server would, for long, and prints what it holds at each stage: see ../memory.test.ts.
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { tinyData, tinyFit, tinyImages, tinyModels } from "../../core/training/testing/tiny-model.js";
import { nodePlatform } from "../platform.js";

const collectGarbage = (globalThis as { gc?: () => void }).gc;
const tinyModel = tinyModels(nodePlatform);
const options = { threads: 2 };

/** Memory in MB and threads, after everything that is over had time to go. */
async function held(): Promise<{ rss: number; threads: number }> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage?.();
    await setTimeout(20);
  }
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
  const threads = Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  return { rss: Math.round(process.memoryUsage.rss() / 1e6), threads };
}

const model = tinyModel(options);
const { images } = tinyImages(64, 3);
const imageSize = images.length / 64;

const stages = {
  fits: async (count: number): Promise<void> => {
    for (let fit = 0; fit < count; fit++)
      await model.fit(tinyData, { ...tinyFit, restoreBestWeights: fit % 2 === 1 });
  },
  evaluates: async (count: number): Promise<void> => {
    for (let each = 0; each < count; each++) await model.evaluate(tinyData.test);
  },
  predicts: async (count: number): Promise<void> => {
    for (let each = 0; each < count; each++)
      await model.predict(images.subarray(0, (1 + ((each * 7) % 64)) * imageSize));
  },
  models: async (count: number): Promise<void> => {
    for (let each = 0; each < count; each++) {
      const other = tinyModel(options);
      await other.predict(images.subarray(0, imageSize));
      await other.dispose();
    }
  },
  /** Nobody disposes of them, and some are left in the midst of their training. */
  dropped: async (count: number): Promise<void> => {
    for (let each = 0; each < count; each++) {
      const other = tinyModel(options);
      if (each % 10 === 0) await other.fitEvents(tinyData, tinyFit).next();
      else await other.predict(images.subarray(0, imageSize));
      if (each % 5 === 4) await held();
    }
  },
};

const counts = { fits: 200, evaluates: 200, predicts: 2000, models: 200, dropped: 50 };
const results: Record<string, { before: unknown; after: unknown }> = {};
for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
  await stages[name](20);
  const before = await held();
  await stages[name](counts[name]);
  results[name] = { before, after: await held() };
}
await model.dispose();
process.stdout.write(JSON.stringify(results));
