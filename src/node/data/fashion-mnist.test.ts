import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { countLabels } from "../../core/data/labels.js";
import { splitDataset } from "../../core/data/split.js";
import { HeddleError, UsageError } from "../../core/errors.js";
import { fashionMnistSources } from "./fashion-mnist.js";
import { loadDataset } from "./load.js";
import type { DataProgress } from "./progress.js";
import {
  isolatedSources,
  nameOf,
  smallContents,
  temporaryFolder,
  writeFour,
} from "./testing/small-fashion.js";

const imagesFile = nameOf("trainImages");

async function load(sources: ReturnType<typeof isolatedSources>) {
  const progress: DataProgress[] = [];
  const loaded = await loadDataset(fashionMnist, { sources, onProgress: (event) => progress.push(event) });
  const warnings = progress.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  return { ...loaded, warnings, origins: loaded.sources.map(({ origin }) => origin) };
}

describe("finding Fashion-MNIST", () => {
  it("prefers the cache, then the Debian folder, file by file", async (context) => {
    const folder = await temporaryFolder(context);
    const { trainImages, trainLabels, testImages } = smallContents;
    await writeFour(join(folder, "cache", "fashion-mnist"), { trainImages }, false);
    await writeFour(join(folder, "cache"), { trainLabels, testImages });
    await writeFour(join(folder, "debian"));
    const { dataset, sources, origins, warnings } = await load(isolatedSources(folder));
    assert.deepEqual(origins, ["cache", "cache", "cache", "debian-folder"]);
    assert.equal(sources[0].path, join(folder, "cache", "fashion-mnist", imagesFile));
    assert.equal(sources[1].path, join(folder, "cache", `${nameOf("trainLabels")}.gz`));
    assert.deepEqual(warnings, []);
    assert.equal(dataset.name, "fashion-mnist");
    assert.equal(dataset.classNames[0], "T-shirt/top");
    assert.deepEqual([...countLabels(dataset.train.labels, 10)], Array(10).fill(4));
  });

  it("names a damaged file of the cache, leaves it, and goes on", async (context) => {
    const folder = await temporaryFolder(context);
    const spoilt = smallContents.trainImages.slice();
    spoilt[1000] ^= 1;
    await writeFour(join(folder, "cache"), { ...smallContents, trainImages: spoilt }, false);
    await writeFour(join(folder, "debian"));
    const { dataset, origins, warnings } = await load(isolatedSources(folder));
    assert.deepEqual(origins, ["debian-folder", "cache", "cache", "cache"]);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0],
      /cache.train-images-idx3-ubyte does not hold Fashion-MNIST's training images: the SHA-256 of its content is [0-9a-f]{64}, expected [0-9a-f]{64}\. It is not used\./,
    );
    assert.deepEqual(Buffer.from(dataset.train.images), Buffer.from(smallContents.trainImages.subarray(16)));
    assert.deepEqual(await readFile(join(folder, "cache", imagesFile)), Buffer.from(spoilt));
  });

  for (const [what, length, message] of [
    ["empty", 0, /cache.train-images-idx3-ubyte.gz is empty/],
    ["truncated", 200, /cache.train-images-idx3-ubyte.gz is truncated/],
  ] as const) {
    it(`names an ${what} file of the cache`, async (context) => {
      const folder = await temporaryFolder(context);
      await writeFour(join(folder, "cache"));
      await writeFour(join(folder, "debian"));
      await truncate(join(folder, "cache", `${imagesFile}.gz`), length);
      const { warnings } = await load(isolatedSources(folder));
      assert.equal(warnings.length, 1);
      assert.match(warnings[0], message);
    });
  }

  it("fetches the Debian package last, into the cache", async (context) => {
    const folder = await temporaryFolder(context);
    const unpacked = join(folder, "unpacked");
    await writeFour(unpacked);
    await writeFour(join(folder, "debian"), { testLabels: smallContents.testLabels });
    const sources = isolatedSources(folder, { withDebianPackage: (use) => use(unpacked) });
    const first = await load(sources);
    assert.deepEqual(first.origins, ["debian-package", "debian-package", "debian-package", "debian-folder"]);
    await rm(unpacked, { recursive: true });
    const kept = join(folder, "cache", "fashion-mnist");
    assert.deepEqual((await readdir(kept)).sort(), [nameOf("testImages"), imagesFile, nameOf("trainLabels")]);
    assert.deepEqual(await readFile(join(kept, imagesFile)), Buffer.from(smallContents.trainImages));
    const second = await load(sources);
    assert.deepEqual(second.origins, ["cache", "cache", "cache", "debian-folder"]);
  });

  it("never keeps a wrong file of the Debian package", async (context) => {
    const folder = await temporaryFolder(context);
    const unpacked = join(folder, "unpacked");
    await writeFour(unpacked, { ...smallContents, trainImages: smallContents.testImages });
    const sources = isolatedSources(folder, { withDebianPackage: (use) => use(unpacked) });
    await assert.rejects(load(sources), /dataset-fashion-mnist: .*train-images-idx3-ubyte.gz does not hold/);
    assert.equal(existsSync(join(folder, "cache", "fashion-mnist", imagesFile)), false);
  });

  it("never unpacks more of a local file than is published", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFour(join(folder, "debian"));
    await mkdir(join(folder, "cache"));
    await writeFile(join(folder, "cache", `${imagesFile}.gz`), gzipSync(new Uint8Array(64e6)));
    const { warnings } = await load(isolatedSources(folder));
    assert.match(warnings[0], /is damaged or something else: it unpacks to more than the 31376 bytes/);
  });

  it("says what every source said when none has it", async (context) => {
    const folder = await temporaryFolder(context);
    await mkdir(join(folder, "cache"));
    await writeFile(join(folder, "cache", `${imagesFile}.gz`), "not gzip");
    await assert.rejects(load(isolatedSources(folder)), (error) => {
      assert.ok(error instanceof HeddleError);
      assert.ok(!(error instanceof UsageError));
      assert.match(
        error.message,
        /^Fashion-MNIST is not here and could not be fetched: train-images-idx3-ubyte, /,
      );
      assert.match(error.message, /train-images-idx3-ubyte.gz is not gzip/);
      assert.match(error.message, /dataset-fashion-mnist: there is no apt-get here/);
      assert.match(error.message, /put the four files \(.gz or not\) into .*cache.fashion-mnist\.$/);
      return true;
    });
  });

  it("says when the cache can't be written", async (context) => {
    const folder = await temporaryFolder(context);
    const unpacked = join(folder, "unpacked");
    await writeFour(unpacked);
    await writeFile(join(folder, "cache"), "a file");
    const sources = isolatedSources(folder, { withDebianPackage: (use) => use(unpacked) });
    await assert.rejects(load(sources), {
      name: "CacheError",
      message: /The data cache can't be written at .*Set HEDDLE_DATA/,
    });
  });
});

describe("the addresses of Fashion-MNIST", () => {
  it("are asked over https first", () => {
    const secure = fashionMnistSources().addresses.map((address) => address.startsWith("https:"));
    assert.deepEqual(secure, [true, false]);
  });
});

describe("the real Fashion-MNIST", () => {
  const { cacheFolder, debianFolder } = fashionMnistSources();
  const isHere = [join(cacheFolder, "fashion-mnist"), cacheFolder, debianFolder].some((folder) =>
    [imagesFile, `${imagesFile}.gz`].some((name) => existsSync(join(folder, name))),
  );
  it("has 6,000 + 1,000 images a class, split 48,000 / 12,000", {
    skip: !isHere && "Fashion-MNIST is not on this machine",
  }, async () => {
    const { dataset } = await loadDataset(fashionMnist);
    assert.deepEqual(dataset.imageShape, [28, 28, 1]);
    assert.deepEqual([...countLabels(dataset.train.labels, 10)], Array(10).fill(6000));
    assert.deepEqual([...countLabels(dataset.test.labels, 10)], Array(10).fill(1000));
    const { train, validation } = splitDataset(dataset.train.labels, 10, { seed: 1 });
    assert.equal(train.length, 48_000);
    assert.equal(validation.length, 12_000);
  });
});
