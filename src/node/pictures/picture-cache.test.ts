import assert from "node:assert/strict";
import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { imageFolder } from "./image-folder.js";
import { DiskPictureStore } from "./picture-cache.js";
import { plainPng } from "./testing/made-pictures.js";
import { folderOf, greysOf, told } from "./testing/picture-folder.js";

let greys: readonly Uint8Array[];
before(async () => {
  greys = await Promise.all(Array.from({ length: 10 }, (_, grey) => plainPng(grey * 10)));
});

/** A data set of eight pictures, and a way to make it with one cache: what was decoded, and the greys that came of it. */
async function cached(context: TestContext) {
  const files = Object.fromEntries(
    greys.slice(0, 8).map((bytes, at) => [`${at < 4 ? "a" : "b"}/${at}.png`, bytes]),
  );
  const folder = await folderOf(context, files);
  const cacheFolder = await folderOf(context, {});
  const make = async (options: object = {}): Promise<{ decoded: number; greys: Record<string, number> }> => {
    const heard = told({ cacheFolder, ...options });
    const { files: paths, train, test } = await imageFolder(folder, heard.options);
    const found = [
      paths.train.map((path, at) => [path, greysOf(train)[at]]),
      paths.test.map((path, at) => [path, greysOf(test)[at]]),
    ];
    return { decoded: heard.decoded(), greys: Object.fromEntries(found.flat()) };
  };
  const segmentsIn = async (place: string): Promise<string[]> =>
    (await readdir(place)).filter((name) => name.endsWith(".pictures")).map((name) => join(place, name));
  let own: string | undefined;
  /** Those of the images: beside them are larger ones, what near-duplicates are looked for in. */
  const segments = async (): Promise<string[]> => {
    const all = join(cacheFolder, "pictures");
    const sizes = (await readdir(all)).map(async (key) => {
      const [first] = await segmentsIn(join(all, key));
      return { place: join(all, key), size: (await stat(first)).size };
    });
    own ??= (await Promise.all(sizes)).reduce((a, b) => (a.size < b.size ? a : b)).place;
    return segmentsIn(own);
  };
  return { folder, cacheFolder, make, segments };
}

describe("the cache of decoded pictures", () => {
  it("decodes each picture once, then those alone that are new or were changed", async (context) => {
    const { folder, make } = await cached(context);
    const first = await make();
    assert.equal(first.decoded, 8);
    assert.deepEqual(await make(), { ...first, decoded: 0 });
    await writeFile(join(folder, "a/new.png"), greys[8]);
    const more = await make();
    assert.deepEqual([more.decoded, more.greys["a/new.png"]], [1, 8]);
    await writeFile(join(folder, "b/5.png"), greys[9]);
    await utimes(join(folder, "b/5.png"), 1e9, 1e9);
    const changed = await make();
    assert.deepEqual([changed.decoded, changed.greys["b/5.png"]], [1, 9]);
    assert.deepEqual(await make(), { ...changed, decoded: 0 });
    // Another size is another cache.
    assert.equal((await make({ channels: 3 })).decoded, 9);
    assert.equal((await make()).decoded, 0);
  });

  it("compares contents when it is asked to", async (context) => {
    const { folder, make } = await cached(context);
    const same = new Date(1e12);
    await utimes(join(folder, "a/1.png"), same, same);
    await make();
    const other = greys.slice(8).find((bytes) => bytes.length === greys[1].length) ?? greys[8];
    assert.equal(other.length, greys[1].length);
    await writeFile(join(folder, "a/1.png"), other);
    await utimes(join(folder, "a/1.png"), same, same);
    assert.equal((await make()).greys["a/1.png"], 1);
    assert.ok((await make({ verify: true })).greys["a/1.png"] >= 8);
    assert.ok((await make()).greys["a/1.png"] >= 8);
  });

  it("is made anew where it is cut off, and read around where a picture's bytes were changed", async (context) => {
    const { make, segments } = await cached(context);
    const first = await make();
    const [segment] = await segments();
    const whole = await readFile(segment);
    for (const [name, bytes] of [
      ["cut off", whole.subarray(0, -1)],
      ["emptied", new Uint8Array()],
      ["another file", Buffer.from("x".repeat(1000))],
      ["its index changed", Buffer.concat([whole.subarray(0, -60), Buffer.of(1), whole.subarray(-59)])],
    ] as const) {
      for (const each of await segments()) await rm(each);
      await writeFile(segment, bytes);
      assert.deepEqual(await make(), first, name);
    }
    for (const each of await segments()) await rm(each);
    await writeFile(segment, Buffer.concat([Buffer.of(255), whole.subarray(1)]));
    assert.deepEqual((await make()).greys, first.greys);
    // The picture is there once more, and its damaged bytes are read no longer.
    const mended = await segments();
    assert.equal(mended.length, 2);
    assert.deepEqual((await make()).greys, first.greys);
    assert.deepEqual(await segments(), mended);
  });

  it("serves several who make it at once", async (context) => {
    const { make } = await cached(context);
    const all = await Promise.all([make(), make(), make()]);
    for (const { greys: found } of all) assert.deepEqual(found, all[0].greys);
    assert.deepEqual(await make(), { ...all[0], decoded: 0 });
  });

  it("keeps what was decoded before a stop", async (context) => {
    const { folder, cacheFolder, make } = await cached(context);
    const stop = new AbortController();
    await writeFile(join(folder, "b/zzz.png"), "no picture");
    const { options } = told({ cacheFolder });
    await assert.rejects(imageFolder(folder, options), /1 of 9 files can't be used/);
    await rm(join(folder, "b/zzz.png"));
    // What near-duplicates are looked for in came after it; the images themselves are there.
    assert.equal((await make()).decoded, 8);
    assert.equal((await make()).decoded, 0);
    stop.abort(new Error("stopped"));
    await assert.rejects(imageFolder(folder, { ...options, signal: stop.signal }), /^Error: stopped$/);
  });

  it("says where it can't be written", async (context) => {
    const folder = await folderOf(context, { "a/1.png": greys[1], "b/2.png": greys[2], file: "" });
    const { options } = told({ cacheFolder: join(folder, "file") });
    await assert.rejects(imageFolder(folder, options), {
      name: "CacheError",
      message: /^The data cache can't be written at .*file/,
    });
  });
});

describe("segments of the cache", () => {
  it("are joined when there are many, and lose nothing", async (context) => {
    const cache = await folderOf(context, {});
    const image = (at: number): Uint8Array => new Uint8Array(16).fill(at);
    for (let at = 0; at < 30; at++) {
      const store = await DiskPictureStore.open(cache, "set", 16);
      await store.add({ path: `${at}`, size: at, time: at, content: `${at}` }, image(at));
      await store.flush();
      await store.close();
    }
    const store = await DiskPictureStore.open(cache, "set", 16);
    context.after(() => store.close());
    const into = new Uint8Array(16);
    for (let at = 0; at < 30; at++) {
      assert.equal(store.find(`${at}`)?.content, `${at}`);
      assert.equal(await store.read(`${at}`, into), true);
      assert.deepEqual(into, image(at));
    }
    assert.ok((await readdir(store.folder)).length < 30);
    assert.equal(await store.read("other", into), false);
  });
});
