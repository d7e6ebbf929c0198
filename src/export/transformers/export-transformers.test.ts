import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ModelContents } from "../../core/formats/model-file.js";
import { chainOf } from "../../core/graph/index.js";
import { batchNorm, conv2d, dense, flatten, type Shape } from "../../core/layers/index.js";
import { writeExport } from "../../node/write-export.js";
import { contentsOf, imagesFor, probabilitiesOf } from "../../onnx/testing/model-contents.js";
import { exportTransformers } from "./export-transformers.js";

const packages = new URL("../../../scripts/transformers/", import.meta.url);
const isMissing = existsSync(new URL("node_modules/@huggingface/transformers/package.json", packages))
  ? false
  : "transformers.js is not installed: npm ci --prefix scripts/transformers brings it";

/** As much of transformers.js as is used. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly RawImage: new (data: Uint8Array, width: number, height: number, channels: number) => object;
  pipeline(
    task: "image-classification",
    model: string,
    options?: object,
  ): Promise<
    ((image: object, options: object) => Promise<{ label: string; score: number }[]>) & {
      dispose(): Promise<void>;
    }
  >;
}

const model = (inputShape: Shape, more: Partial<ModelContents> = {}): ModelContents =>
  contentsOf(
    chainOf([conv2d({ filters: 4, kernelSize: 3 }), batchNorm(), flatten(), dense({ units: 3 })], inputShape),
    { classNames: ["a/b", "line\nfeed", "plain"], ...more },
  );

const source = (contents: ModelContents) => ({ name: "mine", digest: "murmur3-128:00", contents });
const textOf = (contents: ModelContents, path: string, options = {}): string =>
  new TextDecoder().decode(
    exportTransformers(source(contents), options).find((file) => file.path === path)!.bytes,
  );
const jsonOf = (contents: ModelContents, path: string) => JSON.parse(textOf(contents, path));
const preprocessor = (contents: ModelContents) => jsonOf(contents, "preprocessor_config.json");

describe("exporting for transformers.js", () => {
  it("names classes both ways", () => {
    const { id2label, label2id, num_labels, model_type } = jsonOf(model([8, 6, 3]), "config.json");
    assert.deepEqual(id2label, { 0: "a/b", 1: "line\nfeed", 2: "plain" });
    assert.deepEqual(label2id, { "a/b": 0, "line\nfeed": 1, plain: 2 });
    assert.deepEqual([num_labels, model_type], [3, "resnet"]);
  });

  it("crops a square as the model does, and says where it is only near", () => {
    const crop = { channels: 3, resize: "crop", background: 0 } as const;
    const square = model([8, 8, 3], { preparation: { ...crop, size: [8, 8] } });
    const { size, do_center_crop, crop_size } = preprocessor(square);
    assert.deepEqual(
      [size, do_center_crop, crop_size],
      [{ shortest_edge: 8 }, true, { height: 8, width: 8 }],
    );
    assert.doesNotMatch(textOf(square, "README.md"), /nearest way/);
    const oblong = model([8, 6, 3], { preparation: { ...crop, size: [8, 6] } });
    assert.match(textOf(oblong, "README.md"), /nearest way/);
    assert.deepEqual(preprocessor(model([8, 6, 3])).size, { height: 8, width: 6 });
    // One that no pictures trained is shown all of them here, which the configuration can't say.
    assert.match(textOf(model([8, 6, 3]), "README.md"), /nearest way/);
  });

  it("leaves what colours are to the network where its images are grey", () => {
    assert.equal(preprocessor(model([8, 6, 1])).do_normalize, false);
    const colour = model([8, 6, 3]);
    assert.deepEqual(preprocessor(colour).image_mean, colour.normalization.mean);
  });

  it("names licence and digest in its README, whatever they hold", () => {
    const readMe = textOf(model([8, 6, 3]), "README.md", { licence: 'mine: "yes"\n---' });
    assert.match(readMe, /^license: "mine: \\"yes\\"\\n---"$/m);
    assert.match(readMe, /murmur3-128:00/);
  });

  it("takes no name for a part of its README", () => {
    const files = exportTransformers({ ...source(model([8, 6, 3])), name: "a_b <img src=x>\n# [c](d)" });
    const { bytes } = files.find(({ path }) => path === "README.md")!;
    assert.match(new TextDecoder().decode(bytes), /^# a\\_b \\<img src=x\\> \\# \\\[c\\\]\(d\)$/m);
  });

  it("refuses what it can't be", () => {
    const several = model([8, 6, 3], { loss: "binaryCrossEntropy" });
    assert.throws(() => exportTransformers(source(several)), /takes one class an image.*Export it as ONNX/);
    assert.throws(() => exportTransformers(source(model([8, 6, 2]))), /images have 2 channels/);
    assert.throws(() => exportTransformers(source(model([8, 6, 3])), { calibrated: true }), /not calibrated/);
  });

  describe("loaded by transformers.js, offline", { skip: isMissing }, () => {
    let folder: string;
    let transformers: Transformers;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "heddle-transformers-"));
      const found = createRequire(fileURLToPath(new URL("package.json", packages))).resolve(
        "@huggingface/transformers",
      );
      transformers = (await import(found)) as Transformers;
      transformers.env.allowRemoteModels = false;
      transformers.env.localModelPath = `${folder}/`;
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const channels of [1, 3])
      it(`classifies as heddle does, of ${channels} channels`, async () => {
        const preparation = {
          size: [8, 6],
          channels: channels as 1 | 3,
          resize: "stretch",
          background: 0,
        } as const;
        const contents = model([8, 6, channels], { preparation });
        const name = `of-${channels}`;
        await writeExport(join(folder, name), exportTransformers(source(contents)));
        const classify = await transformers.pipeline("image-classification", name);
        const images = imagesFor(contents, 4);
        const wanted = await probabilitiesOf(contents, images);
        for (let image = 0; image < 4; image++) {
          const pixels = images.subarray(image * 48 * channels, (image + 1) * 48 * channels);
          const given = await classify(new transformers.RawImage(pixels, 6, 8, channels), { top_k: 3 });
          const ours = contents.classNames
            .map((label, index) => ({ label, score: wanted[image * 3 + index] }))
            .sort((a, b) => b.score - a.score);
          assert.deepEqual(
            given.map(({ label }) => label),
            ours.map(({ label }) => label),
          );
          given.forEach(({ score }, rank) => {
            assert.ok(Math.abs(score - ours[rank].score) < 1e-4, `${score}, wanted ${ours[rank].score}`);
          });
        }
        await classify.dispose();
      });
  });
});
