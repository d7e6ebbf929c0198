import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { decode } from "fast-png";
import { conv2d, dense, flatten, globalAveragePool2d } from "../../core/layers/index.js";
import { loadModel, sequential } from "../../node/node-model.js";
import { trainRun } from "../../node/runs.js";
import { pngOf } from "../../report/picture.js";
import { inProcess } from "../testing/in-process.js";
import { main } from "../testing/run-cli.js";

const classNames = ["dark", "light"];
/** A picture of one grey, as a PNG: what is read without any package. */
const grey = (level: number): Uint8Array => pngOf(new Uint8Array(8 * 8 * 3).fill(level), [8, 8, 3]);

/** Grey images: whether they are light is their class. */
const data = (() => {
  const count = 40;
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
  const images = Uint8Array.from({ length: count * 16 }, (_, at) =>
    labels[at >> 4] ? 160 + (at % 80) : 20 + (at % 60),
  );
  const set = { count, images, labels };
  return { name: "greys", imageShape: [4, 4, 1], classNames, train: set, test: set };
})();

describe("heddle predict", () => {
  let folder: string;
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const predict = (...args: readonly string[]) => inProcess(["predict", at("model.safetensors"), ...args]);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-predict-"));
    const layers = [
      conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
      globalAveragePool2d(),
      dense({ units: 2 }),
    ];
    const model = sequential(layers, { inputShape: [4, 4, 1] }).compile({ threads: 1, learningRate: 0.05 });
    await model.fit(data, { epochs: 12, batchSize: 8 });
    await model.save(at("model.safetensors"));
    await model.dispose();
    await mkdir(at("photos", "deep"), { recursive: true });
    await writeFile(at("photos", "a.png"), grey(20));
    await writeFile(at("photos", 'b, "odd"\nname\u001b[2J.png'), grey(240));
    await writeFile(at("photos", "c.png"), "<svg>");
    await writeFile(at("photos", "deep", "a.png"), grey(230));
  });
  after(() => rm(folder, { recursive: true }));

  it("names each picture in its place, with a broken one as a line of its own", async () => {
    const { code, stdout, stderr } = await predict(at("photos"), at("missing.png"));
    const lines = stdout.trimEnd().split("\n");
    assert.match(lines[0], /a\.png: dark \d+\.\d\d %$/);
    assert.match(lines[1], /b, "odd"\\u000aname\\u001b\[2J\.png: light /);
    assert.match(lines[2], /c\.png: can't be used: it is SVG, HTML or other markup, expected JPEG/);
    assert.match(lines[3], /deep.a\.png: light /);
    assert.match(lines[4], /missing\.png: can't be used: it does not exist$/);
    assert.equal(lines.length, 5);
    assert.match(stderr, /^error: 2 of 5 pictures can't be used\.$/m);
    assert.equal(code, 1);
  });

  it("writes JSON lines and CSV that name files as they are", async () => {
    const json = await predict(at("photos"), "--json", "--top", "2");
    const objects = json.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(objects[1].file, at("photos", 'b, "odd"\nname\u001b[2J.png'));
    const { predictions, unsure } = objects[1];
    assert.deepEqual(
      predictions.map(({ className }: { className: string }) => className),
      ["light", "dark"],
    );
    assert.ok(Math.abs(predictions[0].probability + predictions[1].probability - 1) < 1e-5);
    assert.equal(unsure, false);
    assert.match(objects[2].error, /^it is SVG/);
    const csv = await predict(at("photos", "b*.png"), at("photos", "a.png"), "--csv");
    const [head, ...rest] = csv.stdout.split("\n");
    assert.equal(head, "file,rank,class,label,probability,unsure,error");
    assert.match(rest.join("\n"), /^"[^"]*b, ""odd""\nname[^"]*\.png",1,light,1,[01]\.\d+,false,$/m);
    assert.equal(csv.code, 0);
  });

  it("takes light for dark where that is asked for", async () => {
    const { stdout } = await predict(at("photos", "a.png"), "--invert");
    assert.match(stdout, /light/);
  });

  it("writes each picture with its heat map", async () => {
    const { code, stderr } = await predict(at("photos"), "--explain", at("maps"));
    assert.equal(code, 1, stderr);
    const files = await readdir(at("maps"));
    assert.deepEqual(files.sort(), ["a.png-2.png", "a.png.png", "b_odd_name_2J.png.png"]);
    const { width, height, channels } = decode(await readFile(at("maps", "a.png.png")));
    assert.deepEqual([width, height, channels], [448, 448, 3]);
    const again = await predict(at("photos"), "--explain", at("maps"));
    assert.match(again.stderr, /maps holds files already and was left as it is: name another folder/);
    assert.equal(again.code, 1);
  });

  it("names no heat maps in their turn, where they are written among the pictures", async () => {
    await mkdir(at("among", "z"), { recursive: true });
    const picture = await readFile(at("photos", "a.png"));
    for (let index = 0; index < 40; index++)
      await writeFile(at("among", index < 20 ? "" : "z", `${index}.png`), picture);
    const explained = async (...flags: readonly string[]) => {
      const { code, stdout, stderr } = await predict(at("among"), "--explain", at("among", "maps"), ...flags);
      assert.equal(code, 0, stderr);
      return stdout.trimEnd().split("\n");
    };
    assert.equal((await explained()).length, 40);
    assert.equal((await explained("--overwrite")).length, 40);
    const { code, stderr } = await predict(
      at("among", "maps"),
      "--explain",
      at("among", "maps"),
      "--overwrite",
    );
    assert.match(stderr, /maps is where heat maps are written, and .* lies in it: name another folder/);
    assert.equal(code, 2);
  });

  const misuse: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /No picture was named: give files/],
    [["a.png", "--json", "--csv"], /--json and --csv were both given/],
    [["-", "--files-from", "-"], /stdin was asked for more than once/],
    [["a.png", "--top", "0"], /--top got "0": expected a whole number of 1 or more/],
    [["a.png", "--weights", "bets"], /Unknown weights "bets"\. Did you mean "best"/],
    [["a.png", "--weights", "last"], /--weights says which of a run's weights are taken, but .* is a file/],
    [["a.png", "--explain", ""], /--explain got no name/],
    [["a.png", "--overwrite"], /--overwrite lets --explain replace files/],
  ];
  for (const [args, message] of misuse) {
    it(`refuses ${args.join(" ") || "no pictures"}`, async () => {
      const { code, stderr } = await predict(...args);
      assert.match(stderr, message);
      assert.equal(code, 2);
    });
  }

  it("says what it can't find or read", async () => {
    for (const [args, message] of [
      [["predict", at("nothing"), at("photos")], /nothing can't be read: it does not exist/],
      [["predict", at("photos"), at("photos")], /is not a whole run: it has no config\.json/],
      [
        ["predict", at("model.safetensors"), "--files-from", at("none")],
        /none can't be read: it does not exist/,
      ],
      [["predict", at("model.safetensors"), at("photos", "deep", "*.jpg")], /1 of 1 picture can't be used/],
    ] as const) {
      const { code, stderr } = await inProcess(args);
      assert.match(stderr, message);
      assert.equal(code, 1);
    }
    await mkdir(at("empty"));
    assert.match((await predict(at("empty"))).stderr, /There is no picture in what was named/);
  });

  /** Runs it as a process of its own, with something on stdin. */
  const piped = (args: readonly string[], given: Uint8Array, leaveAfter = Number.POSITIVE_INFINITY) =>
    new Promise<{ code: number | null; stdout: string }>((resolve, reject) => {
      const child = spawn(process.execPath, [main, "predict", at("model.safetensors"), ...args]);
      let stdout = "";
      child.stdout.on("data", (text) => {
        stdout += text;
        if (stdout.split("\n").length > leaveAfter) child.stdout.destroy();
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout }));
      // It may end before it has read all.
      child.stdin.on("error", () => undefined).end(given);
    });

  it("takes a picture, or names of pictures, from stdin", async () => {
    const one = await piped(["-", "--json"], grey(240));
    assert.equal(JSON.parse(one.stdout).predictions[0].className, "light");
    const list = [at("photos", "a.png"), at("photos", 'b, "odd"\nname\u001b[2J.png')].join("\0");
    const many = await piped(["--files-from", "-", "--json"], new TextEncoder().encode(`${list}\0`));
    assert.equal(many.stdout.trimEnd().split("\n").length, 2);
    assert.equal(many.code, 0);
  });

  it("ends quietly when its reader has seen enough", async () => {
    const name = `${at("photos", "a.png")}\n`;
    const { code, stdout } = await piped(
      ["--files-from", "-"],
      new TextEncoder().encode(name.repeat(20_000)),
      1,
    );
    assert.equal(code, 0);
    assert.ok(stdout.split("\n").length < 19_000, "not to the end");
  });

  it("says once that a model is sure of nothing", async () => {
    const model = await loadModel(at("model.safetensors"));
    model.compile({ threads: 1 });
    // Half of them wrong, whatever the model says.
    const labels = data.train.labels.map((_, image) => (image >> 1) % 2);
    const { unsureBelow } = await model.calibrate({ ...data.train, labels });
    assert.equal(unsureBelow, 1);
    await model.save(at("unsure.safetensors"));
    await model.dispose();
    const { code, stdout, stderr } = await inProcess([
      "predict",
      at("unsure.safetensors"),
      at("photos", "a.png"),
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /a\.png: dark .* \(unsure\)$/m);
    assert.match(stderr, /^Every picture will be called unsure/m);
    const sure = await predict(at("photos", "a.png"));
    assert.doesNotMatch(sure.stderr, /unsure/);
  });

  it("takes a run's best weights, with what calibrated them", async () => {
    const model = sequential([flatten(), dense({ units: 2 })], { inputShape: [4, 4, 1] });
    const { evaluation } = await trainRun({
      model,
      data,
      epochs: 3,
      batchSize: 8,
      threads: 1,
      folder: at("run"),
    });
    await model.dispose();
    assert.equal(evaluation?.calibration?.images, 8);
    const { code, stdout, stderr } = await inProcess([
      "predict",
      at("run"),
      at("photos", "a.png"),
      "--top",
      "2",
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /a\.png: (dark|light) \d+\.\d\d %, (dark|light) \d+\.\d\d %/);
  });
});
