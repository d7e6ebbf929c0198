import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tinyData } from "../core/training/testing/tiny-model.js";
import { memoryStore } from "../run/memory-store.js";
import type { Store } from "../run/store.js";
import { readJson, writeJson } from "../run/testing/runs.js";
import { checkStudy, markOf, prepareStudy, type WantedStudy } from "./manifest.js";
import { StudyError } from "./study-error.js";

const wanted = { kind: "trifle", heddle: "1.2.3", about: { budget: 3 }, data: markOf(tinyData) };

/** A place that holds nothing. */
async function place(...files: readonly string[]): Promise<Store> {
  const study = memoryStore("here");
  await study.make();
  for (const file of files) await study.write(file, new Uint8Array());
  return study;
}

const refuses = (work: Promise<unknown>, code: StudyError["code"], message: RegExp): Promise<void> =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof StudyError);
    assert.match(error.message, message);
    assert.equal(error.code, code);
    return true;
  });

describe("a study's place", () => {
  it("says what all trials share, and is left as it is by the next run", async () => {
    const study = await place();
    await prepareStudy(study, wanted);
    const kept = await readJson(study, "study.json");
    assert.deepEqual(kept, { format: 2, ...wanted });
    await prepareStudy(study, wanted);
    assert.deepEqual(await readJson(study, "study.json"), kept);
  });

  it("is of the images that validate, and of how those that train are parted", async () => {
    const { train, test } = tinyData;
    const groups = Uint32Array.from(train.labels, (_, image) => image);
    const begun = async (data: typeof wanted.data): Promise<Store> => {
      const study = await place();
      await prepareStudy(study, { ...wanted, data });
      await study.within("trials").within("one").make();
      return study;
    };
    const whole = markOf({ ...tinyData, train: { ...train, groups }, validation: test });
    const study = await begun(whole);
    const others = [
      [{ ...tinyData, train: { ...train, groups } }, /its validationImages/],
      [{ ...tinyData, train: { ...train, groups }, validation: train }, /its validationImages/],
      [{ ...tinyData, train, validation: test }, /its trainingGroups/],
    ] as const;
    for (const [data, message] of others)
      await refuses(checkStudy(study, { ...wanted, data: markOf(data) }), "otherData", message);
    assert.ok(await checkStudy(study, { ...wanted, data: whole }));
    await refuses(checkStudy(await begun(wanted.data), { ...wanted, data: whole }), "otherData", /its \w/);
    // Those of an earlier heddle say nothing of it.
    const { trainingGroups: _, validationImages: __, ...before } = wanted.data;
    assert.ok(await checkStudy(await begun(before), { ...wanted, data: whole }));
  });

  it("is checked without the data where that is not at hand", async () => {
    const study = await place();
    await prepareStudy(study, wanted);
    await study.within("trials").within("one").make();
    const { data: _, ...others } = wanted;
    assert.ok(await checkStudy(study, others));
  });

  it("may be new, empty, or hold trials alone and what belongs to them", async () => {
    assert.equal(await checkStudy(memoryStore(), wanted), undefined);
    const study = await place();
    assert.equal(await checkStudy(study, wanted), undefined);
    await study.within("trials").make();
    assert.equal(await checkStudy(study, wanted), undefined);
    await study.write("notes.md", new Uint8Array());
    const isOwn = async (name: string, names: readonly string[]): Promise<boolean> =>
      name === "notes.md" && names.includes("trials");
    assert.equal(await checkStudy(study, { ...wanted, isOwn }), undefined);
    await refuses(
      checkStudy(study, wanted),
      "folder",
      /here holds other things \(notes\.md\) and no study\.json, so it is no trifle's/,
    );
  });

  it("names at most three of the things in the way, and leaves them", async () => {
    const study = await place("a", "b", "c", "d");
    await refuses(prepareStudy(study, wanted), "folder", /other things \(a, b, c, …\)/);
    assert.equal((await study.list())?.length, 4);
  });

  it("refuses what an earlier heddle began", async () => {
    const study = await place("reproduction.json", "index.html");
    await refuses(
      checkStudy(study, wanted),
      "folder",
      /of an earlier heddle, whose trials were single files/,
    );
  });

  const others: [Partial<WantedStudy>, StudyError["code"], RegExp][] = [
    [{ kind: "sweep" }, "folder", /here holds a trifle, and no sweep goes on there/],
    [{ heddle: "2.0.0" }, "folder", /made by heddle 1\.2\.3, and this is 2\.0\.0/],
    [
      { data: { ...wanted.data, name: "other" } },
      "otherData",
      /on other data: its name is "tiny", here it is "other"/,
    ],
    [
      {
        data: markOf({ ...tinyData, test: { ...tinyData.test, labels: tinyData.test.labels.map(() => 1) } }),
      },
      "otherData",
      /its testImages\.checksum is \d+, here it is \d+/,
    ],
    [
      { about: { budget: 4 } },
      "folder",
      /holds another trifle: its budget is 3 in here\/study\.json, here it is 4/,
    ],
  ];
  for (const [changed, code, message] of others) {
    it(`refuses another ${Object.keys(changed)}`, async () => {
      const study = await place();
      await prepareStudy(study, wanted);
      assert.equal(await checkStudy(study, { ...wanted, ...changed }), undefined, "no trial was begun");
      await study.within("trials").within("one").make();
      await refuses(checkStudy(study, { ...wanted, ...changed }), code, message);
    });
  }

  it("refuses a manifest that is cut off, or something else", async () => {
    const study = await place();
    await study.write("study.json", new TextEncoder().encode("{"));
    await refuses(
      checkStudy(study, wanted),
      "folder",
      /study\.json is not JSON: .* Put it back, or choose another folder/,
    );
    await writeJson(study, "study.json", { format: 3 });
    await refuses(checkStudy(study, wanted), "folder", /is not what heddle writes there \(format: /);
  });
});
