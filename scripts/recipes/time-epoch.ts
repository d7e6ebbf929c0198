// How long an epoch of a recipe takes under this Node, of some of the training images, for `recipe-times.js`:
//   node dist/scripts/recipes/time-epoch.js NAME [DATA]
// Trains in a folder that is taken away, and prints a JSON object.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quartiles } from "#heddle/bench/measure.js";
import {
  diskStore,
  loadDataset,
  nodePlatform,
  type Recipe,
  type RecipeName,
  RunFolder,
  recipes,
  subset,
} from "#heddle/node/index.js";
import { type EpochTimes, timedImages } from "./times.js";
import { trainSeed } from "./train-seed.js";

/** The first doesn't count, since code is still being compiled. */
const epochs = 4;

const [name, data] = process.argv.slice(2);
const recipe: Recipe = recipes[name as RecipeName];
const { dataset } = await loadDataset(
  data ?? recipe.settings.data ?? "",
  data === undefined ? {} : recipe.pictures,
);
nodePlatform.widenVectors?.();
const every = Math.floor(dataset.train.count / timedImages);
const some = subset(
  dataset.train,
  Uint32Array.from({ length: timedImages }, (_, index) => every * index),
);
const { teacher, settings } = recipe;
const short: Recipe = {
  ...recipe,
  settings: { ...settings, epochs },
  ...(teacher && { teacher: { ...teacher, settings: { ...teacher.settings, epochs } } }),
};
const place = mkdtempSync(join(tmpdir(), "heddle-epoch-"));
try {
  const folder = join(place, "run");
  // Judged on images that train: no test image is looked at for this.
  await trainSeed({
    recipe: short,
    seed: 1,
    folder,
    dataset: { ...dataset, name: "some", train: some, test: some },
  });
  const times: EpochTimes = {
    seconds: await secondsOf(folder),
    ...(teacher && { teacherSeconds: await secondsOf(`${folder}-teacher`) }),
  };
  console.log(JSON.stringify(times));
} finally {
  rmSync(place, { recursive: true });
}

/** Of a run's epoch: the median. */
async function secondsOf(folder: string): Promise<number> {
  const history = await (await RunFolder.open(diskStore(folder))).readHistory();
  return quartiles(history.slice(1).map(({ seconds }) => seconds)).median;
}
