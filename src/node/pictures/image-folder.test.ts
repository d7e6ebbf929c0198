import assert from "node:assert/strict";
import { mkdir, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { imagesMark, sameImages } from "../../core/data/images-mark.js";
import { imageFolder } from "./image-folder.js";
import { looksLikeImageFolder } from "./list-folder.js";
import { plainPng } from "./testing/made-pictures.js";
import { folderOf, greysOf, told } from "./testing/picture-folder.js";

/** Pictures of one grey each, made once. */
let greys: readonly Uint8Array[];
before(async () => {
  greys = await Promise.all(Array.from({ length: 24 }, (_, grey) => plainPng(grey * 10)));
});

describe("a folder with a folder a class", () => {
  it("gives images, labels in the order of the names, and the file of each image", async (context) => {
    const folder = await folderOf(context, {
      "zebra/a.png": greys[1],
      "zebra/b.png": greys[2],
      "Ape/deep/er/c.png": greys[3],
      "Ape/d.PNG": greys[4],
      "çat\n\u001b[31m 猫/e.png": greys[5],
      "çat\n\u001b[31m 猫/f.png": greys[6],
      "Ape/Thumbs.db": "no picture",
      "Ape/.hidden.png": "no picture",
      "Ape/notes.txt": "no picture",
      ".git/x.png": "no picture",
      "README.md": "no picture",
    });
    const { options, messages } = told({ testShare: 0.4 });
    const set = await imageFolder(folder, options);
    assert.deepEqual(set.classNames, ["Ape", "zebra", "çat\n\u001b[31m 猫"]);
    assert.deepEqual(set.imageShape, [4, 4, 1]);
    assert.deepEqual(set.preparation, { size: [4, 4], channels: 1, resize: "crop", background: 255 });
    assert.deepEqual([set.train.count, set.test.count], [3, 3]);
    const grey: Record<string, number> = {
      "a.png": 1,
      "b.png": 2,
      "c.png": 3,
      "d.PNG": 4,
      "e.png": 5,
      "f.png": 6,
    };
    for (const part of ["train", "test"] as const) {
      const names = set.files[part].map((file) => file.slice(file.lastIndexOf("/") + 1));
      assert.deepEqual(
        greysOf(set[part]),
        names.map((name) => grey[name]),
      );
      assert.deepEqual(
        set.files[part].map((file) => file.slice(0, file.indexOf("/"))),
        Array.from(set[part].labels, (label) => set.classNames[label]),
      );
    }
    assert.deepEqual([...set.files.train, ...set.files.test].sort(), [
      "Ape/d.PNG",
      "Ape/deep/er/c.png",
      "zebra/a.png",
      "zebra/b.png",
      "çat\n\u001b[31m 猫/e.png",
      "çat\n\u001b[31m 猫/f.png",
    ]);
    assert.deepEqual(set.skipped, []);
    assert.equal(messages.length, 1);
    assert.match(
      messages[0],
      /no part to test with is given, so 3 pictures \(40 % of each class, seed 1\) are kept/,
    );
    assert.equal(await looksLikeImageFolder(folder), true);
  });

  it("counts classes that are numbers", async (context) => {
    const files = Object.fromEntries(
      ["10", "9", "0", "0/more"].map((name, at) => [`${name}/x.png`, greys[at]]),
    );
    assert.deepEqual((await imageFolder(await folderOf(context, files), told().options)).classNames, [
      "0",
      "9",
      "10",
    ]);
  });

  it("keeps out a class without pictures and trains on one of a single picture, saying so", async (context) => {
    const folder = await folderOf(context, { "a/1.png": greys[1], "a/2.png": greys[2], "b/3.png": greys[3] });
    await mkdir(join(folder, "empty"));
    const { options, messages } = told();
    const set = await imageFolder(folder, options);
    assert.deepEqual(set.classNames, ["a", "b"]);
    assert.deepEqual(greysOf(set.train).includes(3), true);
    assert.match(messages.join("\n"), /1 folder without a picture: empty\./);
    assert.match(messages.join("\n"), /b has too few pictures to test with\./);
  });

  it("tells of pictures that lie in no class's folder", async (context) => {
    const folder = await folderOf(context, {
      "a/1.png": greys[1],
      "a/2.png": greys[2],
      "b/3.png": greys[3],
      "2.jpg": greys[4],
      "notes.txt": "no picture",
    });
    const { options, messages } = told();
    const set = await imageFolder(folder, options);
    assert.deepEqual([set.train.count + set.test.count, set.skipped], [3, []]);
    assert.match(messages.join("\n"), /: 1 picture in no class's folder, left out: 2\.jpg\.$/m);
  });

  it("keeps pictures of one content on one side, and tells of labels that differ", async (context) => {
    const files: Record<string, Uint8Array> = {};
    for (let at = 0; at < 12; at++) {
      files[`a/${at}.png`] = greys[at];
      files[`a/copy of ${at}.png`] = greys[at];
      files[`b/${at}.png`] = greys[at + 12];
    }
    files["b/also.png"] = greys[0];
    const folder = await folderOf(context, files);
    for (const seed of [1, 2, 3]) {
      const { options, messages } = told({ seed });
      const set = await imageFolder(folder, options);
      const tested = new Set(greysOf(set.test));
      assert.ok(tested.size > 0 && greysOf(set.train).every((grey) => !tested.has(grey)));
      assert.equal(set.train.groups?.length, set.train.count);
      assert.deepEqual(set.conflicts, [
        { files: ["a/0.png", "a/copy of 0.png", "b/also.png"], labels: ["a", "a", "b"] },
      ]);
      assert.match(
        messages.join("\n"),
        /one picture has several labels: a\/0\.png \(a\) = .* = b\/also\.png \(b\)\./,
      );
    }
    const again = (await imageFolder(folder, told({ seed: 3 }).options)).files;
    assert.deepEqual(again, (await imageFolder(folder, told({ seed: 3 }).options)).files);
  });
});

describe("a folder with parts", () => {
  const parts = (names: readonly string[]): Record<string, Uint8Array> =>
    Object.fromEntries(
      names.flatMap((part, number) =>
        ["a", "b"].flatMap((label, at) =>
          [0, 1].map((copy) => [`${part}/${label}/${copy}.png`, greys[number * 4 + at * 2 + copy]] as const),
        ),
      ),
    );
  const cases: readonly (readonly [
    readonly string[],
    Record<string, readonly number[] | undefined>,
    RegExp,
  ])[] = [
    [
      ["train", "val", "test"],
      { train: [0, 1, 2, 3], validation: [4, 5, 6, 7], test: [8, 9, 10, 11] },
      /validation chooses/,
    ],
    [
      ["train", "validation"],
      { train: [0, 1, 2, 3], validation: undefined, test: [4, 5, 6, 7] },
      /validation is judged at the end, as there is no test/,
    ],
    [
      ["Training", "TEST"],
      { train: [0, 1, 2, 3], validation: undefined, test: [4, 5, 6, 7] },
      /test is judged at the end; a part of train validates/,
    ],
  ];
  for (const [names, expected, message] of cases) {
    it(`serves for what it is: ${names.join(", ")}`, async (context) => {
      const { options, messages } = told();
      const set = await imageFolder(
        await folderOf(context, { ...parts(names), "original/full.png": greys[0] }),
        options,
      );
      for (const part of ["train", "validation", "test"] as const) {
        const images = set[part];
        assert.deepEqual(images && greysOf(images), expected[part]);
        assert.equal(images && set.files[part]?.length, expected[part]?.length);
      }
      assert.match(messages.join("\n"), message);
      assert.match(messages.join("\n"), /: 1 folder beside train that is no part, passed over: original\.$/m);
      // What is still to be split needs them.
      assert.equal(set.train.groups === undefined, names.includes("val"));
    });
  }

  it("tells of pictures and of links beside its folders", async (context) => {
    const folder = await folderOf(context, {
      ...parts(["train", "val"]),
      "sheet.png": greys[20],
      "train/stray.png": greys[21],
    });
    try {
      await symlink("nowhere", join(folder, "test"));
      await symlink("nowhere", join(folder, "latest"));
    } catch {
      return context.skip("links can't be made here");
    }
    const { options, messages } = told({ skipShare: 0.5 });
    const set = await imageFolder(folder, options);
    assert.deepEqual(set.skipped, [{ path: "test", reason: "it is a link to what isn't there" }]);
    assert.match(
      messages.join("\n"),
      /: 2 pictures in no class's folder, left out: sheet\.png and train\/stray\.png\./,
    );
  });

  it("is split where there is train alone; a class called train is a class", async (context) => {
    const alone = await imageFolder(await folderOf(context, parts(["train"])), told().options);
    assert.deepEqual([alone.train.count, alone.test.count, alone.classNames], [2, 2, ["a", "b"]]);
    const vehicles = await folderOf(context, {
      "train/1.png": greys[1],
      "bus/2.png": greys[2],
      "bus/3.png": greys[3],
    });
    assert.deepEqual((await imageFolder(vehicles, told().options)).classNames, ["bus", "train"]);
  });

  const refused: readonly (readonly [string, (context: TestContext) => Promise<string>, RegExp])[] = [
    ["isn't there", async () => "/nowhere/at/all", /can't be read: it does not exist\.$/],
    [
      "has no folders",
      (context) => folderOf(context, { "a.png": greys[0] }),
      /holds no folders: expected one a class/,
    ],
    [
      "has one class",
      (context) => folderOf(context, { "a/1.png": greys[0] }),
      /pictures of one class alone, "a": expected at least 2/,
    ],
    [
      "is named a level too far up",
      (context) => folderOf(context, { "photos/a/1.png": greys[0], "photos/b/2.png": greys[1] }),
      /one class alone, "photos": .*photos has folders that may be meant: a and b\. Give .*[/\\]photos instead\.$/,
    ],
    [
      "is named two levels too far up",
      (context) =>
        folderOf(context, { "my/photos/train/1.png": greys[0], "my/photos/test/b/2.png": greys[1] }),
      /Give .*[/\\]my[/\\]photos instead\.$/,
    ],
    [
      "has no pictures",
      (context) => folderOf(context, { "a/x.txt": "", "b/x.txt": "" }),
      /has no pictures: expected/,
    ],
    [
      "has a part twice",
      (context) => folderOf(context, parts(["train", "val", "valid"])),
      /holds val and valid, which are one part/,
    ],
    [
      "tests what it doesn't train",
      (context) => folderOf(context, { ...parts(["train", "test"]), "test/c/1.png": greys[9] }),
      /: c has pictures in other parts and none in train/,
    ],
    [
      "has nothing to part",
      (context) => folderOf(context, { "a/1.png": greys[0], "b/2.png": greys[1], "b/copy.png": greys[1] }),
      /: no class has two pictures of which one could test .*, near-duplicates counted as one/,
    ],
    [
      "has nothing to train on",
      (context) => folderOf(context, { "train/a/x.txt": "", ...parts(["test"]) }),
      /its part train is empty/,
    ],
  ];
  for (const [name, make, message] of refused) {
    it(`is refused where it ${name}`, async (context) => {
      await assert.rejects(imageFolder(await make(context), told().options), {
        name: "HeddleError",
        message,
      });
    });
  }
});

describe("files that can't be used", () => {
  it("are listed and left out up to a share, and an error beyond", async (context) => {
    const folder = await folderOf(context, {
      "a/1.png": greys[1],
      "a/2.png": greys[2],
      "a/page.jpg": "<!DOCTYPE html>",
      "b/3.png": greys[3],
      "b/4.png": greys[4],
      "b/cut.png": greys[5].subarray(0, 60),
    });
    const { options, messages } = told({ skipShare: 0.4 });
    const set = await imageFolder(folder, options);
    assert.deepEqual(
      set.skipped.map(({ path }) => path),
      ["a/page.jpg", "b/cut.png"],
    );
    assert.equal(set.train.count + set.test.count, 4);
    assert.match(
      messages[0],
      /2 files of 6 files left out: a\/page\.jpg \(it is SVG, HTML or other markup, .*\) and b\/cut\.png/,
    );
    await assert.rejects(imageFolder(folder, told({ skipShare: 0.3 }).options), {
      name: "SkippedPicturesError",
      message:
        /: 2 of 6 files can't be used, and a share of 30 % may be left out \(skipShare\): a\/page\.jpg/,
    });
  });

  it("may be links that lead out of the folder: nothing out there is read", async (context) => {
    const outside = await folderOf(context, { "secret.png": greys[9], "more/x.png": greys[8] });
    const folder = await folderOf(context, { "a/1.png": greys[1], "a/2.png": greys[2], "b/3.png": greys[3] });
    try {
      await symlink(join(outside, "secret.png"), join(folder, "b/out.png"));
      await symlink(join(outside, "more"), join(folder, "b/folder"));
      await symlink(join(outside, "more"), join(folder, "c"));
      await symlink("nowhere", join(folder, "b/dangling.png"));
      await symlink("nowhere", join(folder, "d"));
      await symlink("../a/1.png", join(folder, "b/within.png"));
      await symlink("..", join(folder, "b/circle.png"));
    } catch {
      return context.skip("links can't be made here");
    }
    const set = await imageFolder(folder, told({ skipShare: 0.9 }).options);
    assert.deepEqual(set.classNames, ["a", "b"]);
    assert.deepEqual([...set.files.train, ...set.files.test].sort(), [
      "a/1.png",
      "a/2.png",
      "b/3.png",
      "b/within.png",
    ]);
    assert.deepEqual(set.skipped, [
      { path: "b/circle.png", reason: "it is a link that leads out of the folder" },
      { path: "b/dangling.png", reason: "it is a link to what isn't there" },
      { path: "b/out.png", reason: "it is a link that leads out of the folder" },
      { path: "c", reason: "it is a link to a folder, which isn't followed" },
      { path: "d", reason: "it is a link to what isn't there" },
    ]);
  });
});

describe("options", () => {
  it("are checked, and the whole of memory is too", async (context) => {
    const folder = await folderOf(context, { "a/1.png": greys[1], "b/2.png": greys[2] });
    await assert.rejects(imageFolder(folder, { imageSize: 4 } as object), {
      name: "UsageError",
      message: /^imageFolder has no option "imageSize"/,
    });
    await assert.rejects(
      imageFolder(folder, told({ memoryLimit: 20 }).options),
      /may be in memory \(memoryLimit\)/,
    );
    await assert.rejects(
      imageFolder(folder, { signal: AbortSignal.abort(new Error("enough")) }),
      /^Error: enough$/,
    );
  });
});

describe("images that don't fit in memory", () => {
  it("are read from the cache as they are wanted, and from their files where that is gone", async (context) => {
    const files = Object.fromEntries(
      greys.slice(0, 20).map((bytes, at) => [`train/${at < 10 ? "a" : "b"}/${at + 10}.png`, bytes]),
    );
    const folder = await folderOf(context, {
      ...files,
      "test/a/1.png": greys[20],
      "test/b/2.png": greys[21],
    });
    const cacheFolder = await folderOf(context, {});
    const set = await imageFolder(folder, told({ cacheFolder, memoryLimit: 100 }).options);
    const { images, fingerprint } = set.train;
    // The same images where they fit, for runs and studies that go on elsewhere.
    const held = await imageFolder(folder, told({ cacheFolder }).options);
    assert.ok(held.train.images instanceof Uint8Array);
    const [here, there] = [held, set].map(({ train }) => imagesMark(train));
    assert.ok(sameImages(here, there) && sameImages(there, here));
    const { fingerprint: _, ...plain } = held.train;
    assert.ok(sameImages(imagesMark(plain), here), "an earlier heddle's");
    const others = { ...held.train, images: held.train.images.toReversed(), fingerprint: "another" };
    for (const mark of [here, there]) assert.ok(!sameImages(imagesMark(others), mark));
    assert.ok(typeof images === "function" && fingerprint);
    const read = async (order: readonly number[]): Promise<number[]> => {
      const found: number[] = [];
      for await (const piece of images(Uint32Array.from(order))) {
        for (let at = 0; at < piece.length; at += 16) found.push(piece[at] / 10);
      }
      return found;
    };
    const order = [19, 0, 3, 3, 11, 7, 2, 18, 5, 4, 1];
    // Two at once, as training and validating are.
    assert.deepEqual(await Promise.all([read(order), read([1, 2])]), [order, [1, 2]]);
    assert.ok(set.test.images instanceof Uint8Array);
    assert.equal(set.train.groups?.length, 20);
    await context.test("after the cache was taken away", async () => {
      await rm(join(cacheFolder, "pictures"), { recursive: true });
      assert.deepEqual(await read(order), order);
      await unlink(join(folder, "train/a/16.png"));
      await writeFile(join(folder, "train/a/18.png"), "no picture");
      await assert.rejects(read([6]), /16\.png can't be read any more: it does not exist\. Leave/);
      await assert.rejects(read([8]), /18\.png can't be read any more: it was changed\. Leave/);
    });
  });
});

describe("the part that tests", () => {
  it("is of the same files at any size", async (context) => {
    const files = Object.fromEntries(
      Array.from({ length: 24 }, (_, index) => [`${index % 2 ? "a" : "b"}/${index}.png`, greys[index]]),
    );
    const folder = await folderOf(context, files);
    const [small, large] = await Promise.all(
      [4, 9].map((size) => imageFolder(folder, { ...told().options, size })),
    );
    assert.deepEqual(small.files, large.files);
  });
});
