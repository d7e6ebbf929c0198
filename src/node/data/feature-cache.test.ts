import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { diskFeatureCache } from "./feature-cache.js";

describe("features on disk", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  after(() => rm(folder, { recursive: true }));
  const features = {
    size: 3,
    plain: Float32Array.of(1, 2, 3, 4, 5, 6),
    mirrored: Float32Array.of(6, 5, 4, 3, 2, 1),
  };

  it("come back as they were, each under its name", async () => {
    const cache = diskFeatureCache("one", { folder });
    assert.equal(await cache.read(), undefined);
    await cache.write(features);
    assert.deepEqual(await cache.read(), features);
    assert.equal(await diskFeatureCache("other", { folder }).read(), undefined);
  });

  it("are made anew where the file is damaged", async () => {
    const cache = diskFeatureCache("damaged", { folder });
    await cache.write(features);
    const file = join(folder, "features", "damaged.safetensors");
    const bytes = await readFile(file);
    bytes[bytes.length - 2] ^= 1;
    await writeFile(file, bytes);
    assert.equal(await cache.read(), undefined);
    await cache.write(features);
    assert.deepEqual(await cache.read(), features);
  });

  it("are not kept where no file can be, which is told", async () => {
    const file = join(folder, "a file");
    await writeFile(file, "");
    const told: string[] = [];
    await diskFeatureCache("none", { folder: file, onUnwritten: (why) => told.push(why) }).write(features);
    assert.match(told[0], /can't be written/);
  });
});
