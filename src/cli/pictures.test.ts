import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { encode } from "fast-png";
import { inProcess } from "./testing/in-process.js";

/** A folder a class, the last with fewer pictures; one file is no picture, and one picture stands under two labels. */
async function writePictures(folder: string): Promise<void> {
  for (const [label, count] of [12, 12, 6].entries()) {
    const name = ["red", "green", "blue"][label];
    await mkdir(join(folder, name), { recursive: true });
    for (let picture = 0; picture < count; picture++) {
      const data = Uint8Array.from({ length: 20 * 24 * 3 }, (_, place) =>
        place % 3 === label ? 255 : (place * (picture + 3)) % 97,
      );
      await writeFile(
        join(folder, name, `${picture}.png`),
        encode({ width: 24, height: 20, data, channels: 3, depth: 8 }),
      );
    }
  }
  await writeFile(join(folder, "red", "broken.png"), "no picture");
  await writeFile(join(folder, "green", "copy.png"), await readFile(join(folder, "red", "0.png")));
}

describe("heddle on a folder of pictures", () => {
  let folder: string;
  const run = () => join(folder, "run");
  const cacheBefore = process.env.HEDDLE_DATA;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-pictures-"));
    process.env.HEDDLE_DATA = join(folder, "cache");
    await writePictures(join(folder, "photos"));
  });
  after(async () => {
    if (cacheBefore === undefined) delete process.env.HEDDLE_DATA;
    else process.env.HEDDLE_DATA = cacheBefore;
    await rm(folder, { recursive: true });
  });

  it("says what is in it, and lists what was left out", async () => {
    const args = ["data", "--data", join(folder, "photos"), "--image-size", "16x18"];
    const { code, stdout } = await inProcess(args);
    assert.equal(code, 0);
    assert.match(stdout, /^photos: pictures as 16×18 in colour \(crop\), 3 classes$/m);
    assert.match(stdout, /^Left out, 1 file:\n {2}red\/broken\.png: /m);
    assert.match(stdout, /^One picture under several labels, 1 time:\n {2}.*red\/0\.png \(red\)/m);
    assert.match(stdout, /^Classes are uneven, from \d \(blue\) to \d+ \(\w+\) images/m);
    const json = JSON.parse((await inProcess([...args, "--json"])).stdout);
    assert.deepEqual(json.preparation, { size: [16, 18], channels: 3, resize: "crop", background: 255 });
    assert.deepEqual([json.skipped.length, json.conflicts.length, json.imageShape], [1, 1, [16, 18, 3]]);
  });

  it("trains, and judges and reports on the same pictures without being told how", async () => {
    const asked = "--model lenet --epochs 1 --image-size 16 --channels 1 --threads 1 --batch-size 8".split(
      " ",
    );
    const trained = await inProcess(["train", "--data", join(folder, "photos"), ...asked, "--run", run()]);
    assert.equal(trained.code, 0, trained.stderr);
    assert.match(
      trained.stderr,
      /^photos: pictures as 16×16 in grey \(crop\), 3 classes; \d+ train, \d+ validate \(held back/m,
    );
    assert.match(
      trained.stderr,
      /^There are 1 file left out and 1 picture with several labels: heddle data/m,
    );
    assert.match(trained.stderr, /--class-weights balanced has each count the same$/m);
    const config = JSON.parse(await readFile(join(run(), "config.json"), "utf8"));
    assert.deepEqual(config.dataOptions, { size: [16, 16], channels: 1 });
    assert.deepEqual(config.preparation.size, [16, 16]);
    const kept = JSON.parse(await readFile(join(run(), "evaluation.json"), "utf8"));
    const table = join(folder, "predictions.csv");
    const judged = await inProcess([
      ...["evaluate", run(), "--threads", "1", "--json", "--predictions", table],
    ]);
    const [head, ...rows] = (await readFile(table, "utf8")).trimEnd().split("\n");
    assert.equal(head, "index,file,label,class,predicted,predictedClass,p0,p1,p2");
    for (const row of rows) {
      const [, file, , name] = row.split(",");
      assert.equal(file.slice(0, file.indexOf("/")), name);
    }
    assert.equal(JSON.parse(judged.stdout).accuracy, kept.accuracy);
    const reported = await inProcess(["report", run(), "--threads", "1"]);
    assert.equal(reported.code, 0, reported.stderr);
    const page = await readFile(join(run(), "report.html"), "utf8");
    assert.match(page, /<span class="file muted">(red|green|blue)\/\w+\.png<\/span>/);
    assert.match(page, /16×16, grey, crop/);
  });

  it("judges all pictures of another folder, and of its own in another place those that test", async () => {
    const evaluated = async (data: string) => {
      const args = ["evaluate", run(), "--data", join(folder, data), "--threads", "1", "--json"];
      const { code, stdout, stderr } = await inProcess(args);
      assert.equal(code, 0, stderr);
      return { ...(JSON.parse(stdout) as { n: number; accuracy: number }), stderr };
    };
    const kept = JSON.parse(await readFile(join(run(), "evaluation.json"), "utf8"));
    await cp(join(folder, "photos"), join(folder, "moved"), { recursive: true });
    const moved = await evaluated("moved");
    assert.deepEqual([moved.n, moved.accuracy], [kept.n, kept.accuracy]);
    for (const name of ["red", "green", "blue"]) {
      await mkdir(join(folder, "new", name), { recursive: true });
      for (const picture of [1, 2])
        await cp(join(folder, "photos", name, `${picture}.png`), join(folder, "new", name, `${picture}.png`));
    }
    const others = await evaluated("new");
    assert.equal(others.n, 6);
    assert.match(others.stderr, /new: no part to test with is given, so all of it is judged, 6 pictures\./);
  });

  it("says so where its images are too small for a model", async () => {
    const small = await inProcess([
      "train",
      "--data",
      join(folder, "photos"),
      "--image-size",
      "8",
      "--model",
      "lenet",
      "--run",
      join(folder, "x"),
    ]);
    assert.equal(small.code, 1);
    assert.match(
      small.stderr,
      /conv2d "C2" slides a window of 5×5, but got \[4, 4, 6\], which is smaller\. Use larger images/,
    );
  });
});
