import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { recipes } from "#heddle/recipes/index.js";
import type { AblationFile, RecipeFile, RecipeRun } from "../recipes/file.js";
import { chosenBy, settingsOf } from "../recipes/settings-of.js";
import type { TimesFile } from "../recipes/times.js";
import { updateRecipes } from "./recipe-figures.js";
import { recipeAblationsSection, recipesSection, recipesTriedSection } from "./recipes.js";

const run = (seed: number, accuracy: number, more: Partial<RecipeRun> = {}): RecipeRun => ({
  seed,
  accuracy,
  loss: 0.2,
  withoutLeaks: { images: 9947, accuracy: accuracy - 0.001 },
  calibrationError: 0.03,
  calibrated: { temperature: 0.9, calibrationError: 0.008 },
  images: 10_000,
  trainImages: 60_000,
  parameters: 73_682,
  epochs: 5,
  seconds: 40,
  load: 0.1,
  idle: true,
  environment: { processor: "A processor", node: "24.1.0", threads: 2 },
  ...more,
});

const head = {
  command: "node dist/scripts/recipes.js swift",
  recipe: "swift",
  settings: settingsOf(recipes.swift),
};

describe("what recipes came to, in documents", () => {
  const before = process.cwd();
  let folder: string;
  const write = (name: string, content: object): void =>
    writeFileSync(join("results", "recipes", name), JSON.stringify(content));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-test-"));
    process.chdir(folder);
    mkdirSync(join("results", "recipes"), { recursive: true });
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  it("is a row a recipe, and says what isn't run yet", () => {
    const busy = run(2, 0.932, {
      idle: false,
      seconds: 400,
      teacher: { model: "cnn", seconds: 9, accuracy: 0.9 },
    });
    const file: RecipeFile = { ...head, runs: [run(1, 0.93), busy] };
    write("swift.json", file);
    const text = recipesSection();
    const row = text.split("\n").find((line) => line.startsWith("| `swift`"));
    assert.match(
      row ?? "",
      /73,682 parameters, 60,000 images, 5 epochs \| \*\*93\.10 ± 0\.14 %\*\* \| 93\.00 % \|/,
    );
    assert.match(
      row ?? "",
      /\| 3\.00 % → 0\.80 % \| 40\.0 s, 1 run \(A processor, 2 threads, Node 24\) \| – \| 2 \|$/,
    );
    assert.match(text, /\| `balanced` \|[^|]*\| not run yet \|/);
    assert.match(text, /no training image as well, which \[the audit\]\(audit\.md\) names\./);
  });

  it("says by which list of leaks runs were judged, where the audit has another by now", () => {
    write("swift.json", { ...head, runs: [run(1, 0.93)] });
    const audited = (count: number): void =>
      write("../audit-fashion-mnist.json", {
        own: { leaks: { testImages: Array.from({ length: count }, (_, image) => image) } },
      });
    audited(53);
    assert.match(recipesSection(), /no training image as well, which \[the audit\]\(audit\.md\) names\./);
    audited(58);
    assert.match(
      recipesSection(),
      /53 less than all: those .* when they were judged, which finds 58 by now\./,
    );
  });

  it("says how much longer Node 20 takes, as epochs did in turn, by the teacher's share too", () => {
    const taught = run(1, 0.93, { teacher: { model: "cnn", seconds: 20, accuracy: 0.9 } });
    write("swift.json", { ...head, runs: [taught] });
    const rounds = [
      [3, 2],
      [3.2, 2],
      [9, 2],
    ].map(([seconds, teacherSeconds]) => ({
      node20: { seconds, teacherSeconds },
      node24: { seconds: 2, teacherSeconds: 1 },
    }));
    const times: TimesFile = {
      command: "node dist/scripts/recipe-times.js",
      environment: { processor: "A processor", vectors: "avx2", processors: 2 } as TimesFile["environment"],
      nodes: { node20: "20.1.0", node24: "24.1.0" },
      images: 6_400,
      recipes: { swift: rounds },
    };
    write("times.json", times);
    const text = recipesSection();
    assert.match(text, /\| 1\.73 × \| 1 \|/);
    assert.match(
      text,
      /epoch of 6,400 images, .* Node 20\.1\.0 .* Node 24\.1\.0 \(A processor, AVX2, 2 processors\)/,
    );
  });

  it("passes over figures of other settings", () => {
    write("swift.json", { ...head, settings: {}, runs: [run(1, 0.93)] });
    assert.match(recipesSection(), /\| `swift` \|[^|]*\| not run yet \|/);
  });

  it("sets each ingredient against the whole", () => {
    assert.match(
      recipeAblationsSection(),
      /_Not run yet: `node dist\/scripts\/recipes\.js swift --ablation`/,
    );
    const rows = [
      { change: "", runs: [run(1, 0.93)] },
      { change: "no flip", runs: [run(1, 0.92)] },
    ];
    const file: AblationFile = { ...head, settings: settingsOf(chosenBy(recipes.swift)), rows };
    write("ablation-swift.json", file);
    assert.match(recipeAblationsSection(), /\| no flip \| 92\.00 % \| −1\.00 \| 1 \|/);
    assert.match(
      recipeAblationsSection(),
      /^So far 2 of 24 trainings; the same command goes on with them\.$/m,
    );
  });

  it("lists every trial of the search, the best first, those of equal settings together", () => {
    assert.match(recipesTriedSection(), /Not searched yet/);
    const trial = (seed: number, flip: boolean, last: number, average: number) => ({
      family: "swift",
      settings: { network: "cnn", epochs: 5, warmup: 1, flip, seed },
      result: { last: { accuracyOfBothSides: last }, average: { accuracyOfBothSides: average } },
    });
    const failed = { family: "swift", settings: { network: "cnn", epochs: 5 }, error: "out of memory" };
    const trials = [
      trial(0, false, 0.92, 0.9),
      trial(0, true, 0.93, 0.91),
      trial(1, true, 0.9, 0.932),
      failed,
    ];
    write("search.json", { device: "GPU", torch: "2", command: "search", note: "Of one search.", trials });
    const text = recipesTriedSection();
    assert.match(text, /^3 trainings with PyTorch 2 on one GPU/);
    assert.match(text, /^`search` Of one search\.$/m);
    assert.match(text, /<summary>swift: 2 settings, 93\.10 % to 92\.00 %<\/summary>/);
    assert.match(
      text,
      /\| cnn, 5 epochs \| 93\.10 % \| 2 \|\n\| cnn, 5 epochs, flip false \| 92\.00 % \| 1 \|/,
    );
  });

  it("takes the settings of a trial for equal whatever their order", () => {
    const result = { last: { accuracyOfBothSides: 0.9 }, average: { accuracyOfBothSides: 0.9 } };
    const own = { network: "cnn", epochs: 5 };
    const trials = [
      { family: "swift", settings: { ...own, erase: 0.2, shift: 1 }, result },
      { family: "swift", settings: { ...own, shift: 1, erase: 0.2 }, result },
    ];
    write("search.json", { device: "GPU", torch: "2", command: "search", trials });
    assert.match(recipesTriedSection(), /\| cnn, 5 epochs, erase 0\.2, shift 1 \| 90\.00 % \| 2 \|/);
  });

  it("stands in each recipe's header and in what the command lists", () => {
    const source = (name: string): string => join(before, "src", "recipes", name);
    mkdirSync(join("src", "recipes"), { recursive: true });
    for (const name of [...Object.keys(recipes), "figures"])
      writeFileSync(join("src", "recipes", `${name}.ts`), readFileSync(source(`${name}.ts`)));
    write("swift.json", { ...head, runs: [run(1, 0.93), run(2, 0.932)] });
    const files = updateRecipes(false);
    assert.ok(files.includes(join("src", "recipes", "swift.ts")), String(files));
    const text = readFileSync(join("src", "recipes", "swift.ts"), "utf8");
    assert.match(
      text,
      /^\/\/ heddle train --recipe swift\n\/\/ Test accuracy 93\.10 ± 0\.14 %, 2 seeds; 40.* of training/,
    );
    assert.match(
      readFileSync(join("src", "recipes", "figures.ts"), "utf8"),
      /\n {2}swift: \{\n {4}seeds: 2,/,
    );
    assert.deepEqual(updateRecipes(true), []);
  });
});
