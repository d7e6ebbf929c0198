import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { adam } from "../../core/optimizers/index.js";
import { constant } from "../../core/schedules/index.js";
import { writeColumnImages } from "../../node/data/testing/column-images.js";
import type { Protocol } from "../plan/protocol.js";
import type { RequestedPlan } from "../run/reproduce.js";

/** Of each of four classes 40 training and 10 test images: 128 train, a batch of 128. */
export const writeTinyData = (folder: string, seed = 1): Promise<void> =>
  writeColumnImages(folder, { seed, train: 160, test: 40 });

export const tinyProtocol: Protocol = {
  name: "tiny",
  why: "It is quick.",
  settings: {
    optimizer: adam(),
    schedule: constant({ learningRate: 0.01 }).config,
    labelSmoothing: 0.1,
    augmentation: { flip: true, shift: 1, rotate: 0, zoom: 0, erase: 0 },
  },
};

/** Three trials of three epochs: two of Table 4 at batch 128, one at 64, whose epochs have two steps. */
export const tinyPlan: RequestedPlan = {
  part: "table4",
  epochs: 3,
  seeds: [1, 2],
  models: ["cnn", "lenet"],
  subject: "cnn",
  batchSizes: [64, 128],
  protocol: tinyProtocol,
};

/** What a reproduction kept of its trials, but for when and how long: text by file. */
export async function keptTrials(folder: string): Promise<Record<string, string>> {
  const trials = join(folder, "trials");
  const kept: [string, string][] = [];
  for (const id of (await readdir(trials)).sort()) {
    for (const name of (await readdir(join(trials, id))).sort()) {
      if (["environment.json", "receipt.json"].includes(name)) continue;
      const text = (await readFile(join(trials, id, name))).toString("latin1");
      kept.push([`${id}/${name}`, text.replaceAll(/"seconds":[\d.e-]+/g, "")]);
    }
  }
  return Object.fromEntries(kept);
}
