import assert from "node:assert/strict";
import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { csvDelimiter, readCsv } from "./csv.js";
import { imageList } from "./image-list.js";
import { looksLikeImageList } from "./read-list.js";
import { plainPng } from "./testing/made-pictures.js";
import { folderOf, greysOf, told } from "./testing/picture-folder.js";

let greys: readonly Uint8Array[];
let pictures: Readonly<Record<string, Uint8Array>>;
before(async () => {
  greys = await Promise.all(Array.from({ length: 8 }, (_, grey) => plainPng(grey * 10)));
  pictures = Object.fromEntries(greys.map((bytes, at) => [`p/${at}.png`, bytes]));
});

describe("a list of pictures", () => {
  const lists: readonly (readonly [string, string, string])[] = [
    [
      "CSV with a header",
      "list.csv",
      "id,Filename,label\n1,p/0.png,cat\n2,p/1.png,dog\n3,./p/2.png,cat\n4,p/3.png,dog\n",
    ],
    ["CSV without a header", "list.csv", "p/0.png,cat\r\np/1.png,dog\r\n\r\np/2.png,cat\r\np/3.png, dog "],
    [
      "semicolons, quotes and a mark of order",
      "list.csv",
      '\ufeffpath;class\n"p/0.png";"cat"\n"p/1.png";dog\np/2.png;cat\np/3.png;dog',
    ],
    ["tabs", "list.tsv", "label\timage\ncat\tp/0.png\ndog\tp/1.png\ncat\tp/2.png\ndog\tp/3.png"],
    [
      "JSON Lines",
      "list.jsonl",
      '{"path":"p/0.png","label":"cat"}\n{"file":"p/1.png","Label":"dog"}\n\n{"path":"p/2.png","label":"cat"}\n{"path":"p/3.png","label":"dog"}\n',
    ],
  ];
  for (const [name, file, content] of lists) {
    it(`is read as ${name}`, async (context) => {
      const folder = await folderOf(context, { ...pictures, [file]: content });
      const list = join(folder, file);
      const set = await imageList(list, told({ testShare: 0.5 }).options);
      assert.equal(set.name, "list");
      assert.deepEqual(set.classNames, ["cat", "dog"]);
      assert.deepEqual([...set.files.train, ...set.files.test].sort(), [
        "p/0.png",
        "p/1.png",
        "p/2.png",
        "p/3.png",
      ]);
      for (const part of ["train", "test"] as const) {
        for (const [image, path] of set.files[part].entries()) {
          assert.equal(`p/${greysOf(set[part])[image]}.png`, path);
          assert.equal(set[part].labels[image], Number(path[2]) % 2);
        }
      }
      assert.equal(await looksLikeImageList(list), true);
    });
  }

  it("tells of pictures that train and are there to judge too", async (context) => {
    const rows = [0, 1, 2, 3].flatMap((at) => {
      const label = at % 2 ? "dog" : "cat";
      return at < 2
        ? [`p/${at}.png,${label},train`, `p/${at}.png,${label},test`]
        : [`p/${at}.png,${label},test`];
    });
    const folder = await folderOf(context, { ...pictures, "l.csv": `path,label,split\n${rows.join("\n")}` });
    const { options, messages } = told();
    await imageList(join(folder, "l.csv"), options);
    assert.match(
      messages.join(),
      /2 pictures to judge by are among those that train: p\/0\.png and p\/1\.png\. They flatter the model/,
    );
  });

  it("has parts where a column names them, and labels that are numbers", async (context) => {
    const rows = greys.map(
      (_, at) =>
        `{"path":"p/${at}.png","label":${at % 2 ? 10 : 9},"split":"${["train", "val", "test"][at >> 1] ?? "train"}"}`,
    );
    const folder = await folderOf(context, { ...pictures, "list.jsonl": rows.join("\n") });
    const set = await imageList(join(folder, "list.jsonl"), told().options);
    assert.deepEqual(set.classNames, ["9", "10"]);
    assert.deepEqual(set.files, {
      train: ["p/0.png", "p/1.png", "p/6.png", "p/7.png"],
      validation: ["p/2.png", "p/3.png"],
      test: ["p/4.png", "p/5.png"],
    });
  });

  it("takes a row once, and one picture under two labels as both, telling of it", async (context) => {
    const folder = await folderOf(context, {
      ...pictures,
      "list.csv": "path,label\np/0.png,a\np/1.png,a\np/../p/0.png,a\np/2.png,b\np/3.png,b\np/0.png,b\n",
    });
    const { options, messages } = told();
    const set = await imageList(join(folder, "list.csv"), options);
    assert.equal(set.train.count + set.test.count, 5);
    assert.deepEqual(set.conflicts, [{ files: ["p/0.png", "p/0.png"], labels: ["a", "b"] }]);
    assert.match(messages[0], /1 row that stand there before/);
  });

  it("reads nothing outside of its folder", async (context) => {
    const outside = await folderOf(context, { "x.png": greys[7] });
    const folder = await folderOf(context, { ...pictures, "sub/a.png": greys[1] });
    await symlink(outside, join(folder, "out")).catch(() => undefined);
    const rows = [
      "p/0.png,a",
      "p/2.png,a",
      "p/1.png,b",
      "../x.png,a",
      `${outside}/x.png,b`,
      "out/x.png,b",
      "nothing.png,a",
      "p,a",
      "x\0.png,b",
    ];
    await writeFile(join(folder, "list.csv"), `path,label\n${rows.join("\n")}\n`);
    const set = await imageList(join(folder, "list.csv"), told({ skipShare: 0.9 }).options);
    assert.deepEqual([...set.files.train, ...set.files.test].sort(), ["p/0.png", "p/1.png", "p/2.png"]);
    const reasons = Object.fromEntries(
      set.skipped.map(({ path, reason }) => [path.replace(/.*heddle-pictures-[^/]*/, "…"), reason]),
    );
    assert.equal(reasons["../x.png"], "it leads out of the folder");
    assert.equal(reasons["…/x.png"], "it leads out of the folder");
    assert.match(reasons["out/x.png"], /leads out of the folder|it does not exist/);
    assert.equal(reasons["nothing.png"], "it does not exist");
    assert.equal(reasons.p, "it is no file");
    assert.equal(set.skipped.length, 6);
    const within = { ...told({ skipShare: 0.9 }).options, root: join(folder, "sub") };
    await writeFile(join(folder, "sub.csv"), "path,label\na.png,a\n../p/1.png,b\n");
    await assert.rejects(imageList(join(folder, "sub.csv"), within), /pictures of one class alone, "a"/);
  });

  it("may name its pictures from the root of all, by whatever link its folder is reached", async (context) => {
    const real = await folderOf(context, pictures);
    const link = `${real}-link`;
    await symlink(real, link);
    context.after(() => rm(link));
    const rows = [0, 1, 2, 3].map((at) => `${join(link, "p", `${at}.png`)},${at % 2 ? "dog" : "cat"}`);
    await writeFile(join(real, "list.csv"), `path,label\n${rows.join("\n")}\n`);
    const set = await imageList(join(link, "list.csv"), told({ testShare: 0.5 }).options);
    assert.equal(set.skipped.length, 0);
    assert.deepEqual([...set.files.train, ...set.files.test].sort()[0], "p/0.png");
  });

  const refused: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    [
      "a header without a label",
      "path,size\np/0.png,3\n",
      /begins with "path, size": expected a header with the columns/,
    ],
    ["nothing", "", /lists no pictures/],
    ["a row without a label", "path,label\np/0.png\n", /list\.csv, line 2 has no label/],
    ["a row without a path", 'path,label\n"",a\n', /list\.csv, line 2 has no path/],
    ["a quote that is never closed", 'path,label\n"p/0.png,a\n', /line 2: a quote is never closed/],
    ["text behind a quote", 'path,label\n"p/0.png"x,a\n', /line 2: text stands behind a closed quote/],
    [
      "a split that isn't known",
      "path,label,split\np/0.png,a,holdout\n",
      /line 2: the split is "holdout", expected train, validation or test/,
    ],
    [
      "splits of some rows alone",
      "path,label,split\np/0.png,a,train\np/1.png,b,\n",
      /1 row of 2 name no split and the others do/,
    ],
    ["broken JSON", '{"path":"p/0.png","label":"a"}\n{"path":\n', /line 2 is no JSON/],
    ["JSON that is no object", '{"path":"p/0.png","label":"a"}\n[1]\n', /line 2 has no path/],
    ["other text than UTF-8", Uint8Array.of(0xff, 0xfe, 0x61, 0), /is not text in UTF-8/],
  ];
  for (const [name, content, message] of refused) {
    it(`refuses ${name}`, async (context) => {
      const folder = await folderOf(context, { ...pictures, "list.csv": content });
      await assert.rejects(imageList(join(folder, "list.csv"), told().options), {
        name: "HeddleError",
        message,
      });
    });
  }

  it("isn't taken for one where it is another table", async (context) => {
    const folder = await folderOf(context, {
      "kaggle.csv": "label,pixel0,pixel1\n3,0,0\n",
      "notes.txt": "hello\n",
      "x.bin": "p/0.png,a\n",
    });
    for (const name of ["kaggle.csv", "notes.txt", "x.bin", "missing.csv"]) {
      assert.equal(await looksLikeImageList(join(folder, name)), false, name);
    }
  });
});

describe("comma-separated values", () => {
  it("come back as they were written, whatever is in them", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r", " ", "é") });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), (rows) => {
        const text = rows
          .map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(","))
          .join("\r\n");
        assert.deepEqual(
          [...readCsv(text, ",", "file")].map(({ cells }) => cells),
          rows,
        );
      }),
    );
    assert.deepEqual(
      [...readCsv('a,"b\nc"\n\nd,', ",", "file")],
      [
        { line: 1, cells: ["a", "b\nc"] },
        { line: 4, cells: ["d", ""] },
      ],
    );
    assert.equal(csvDelimiter('"a,b,c";d\n'), ";");
  });
});
