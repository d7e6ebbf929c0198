import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { Dataset } from "../data/dataset.js";
import { type Audit, auditDataset, knowLittle } from "./audit.js";
import type { AuditEvent } from "./audit-options.js";
import { auditFindings, findingsCsv } from "./findings.js";
import { placeOf } from "./pooled.js";
import { flawedData, flaws } from "./testing/flawed-data.js";

const platform = nodePlatform;
const quick = { platform, threads: 1, folds: 3, epochs: 14, batchSize: 16, model: "cnn" } as const;

describe("auditDataset", () => {
  it("finds what is wrong in data, the same each time", async () => {
    const events: AuditEvent[] = [];
    const audit = await auditDataset(flawedData(), { ...quick, onEvent: (event) => void events.push(event) });
    const found = auditFindings(audit);
    const labels = found.filter(({ kind }) => kind === "label");
    for (const [part, index] of flaws.labels)
      assert.ok(
        labels.slice(0, 8).some((each) => each.part === part && each.index === index),
        `${part} ${index}`,
      );
    assert.deepEqual(
      audit.duplicates.map(({ images, exact, conflicting, parts }) => ({
        places: images.map((image) => placeOf(audit.pool, image)),
        exact,
        conflicting,
        parts,
      })),
      [
        {
          places: flaws.conflict.map((index) => ({ part: "train", index })),
          exact: true,
          conflicting: true,
          parts: ["train"],
        },
        {
          places: (["train", "test"] as const).map((part) => ({ part, index: flaws.leak[part] })),
          exact: true,
          conflicting: false,
          parts: ["train", "test"],
        },
      ],
    );
    const odd = audit.oddOnes.map(({ image, kind }) => [kind, image]);
    assert.deepEqual(odd.slice(0, 2), [
      ["oneColour", flaws.plain],
      ["dark", flaws.black],
    ]);
    assert.ok(audit.accuracy > 0.8, `${audit.accuracy}`);
    assert.equal(events.filter(({ event }) => event === "duplicates").length, 2);
    assert.deepEqual(
      events.flatMap((event) =>
        event.event === "fold" && event.training.event === "end" ? [event.fold] : [],
      ),
      [0, 1, 2],
    );
    const again = await auditDataset(flawedData(), quick);
    assert.deepEqual(again.probabilities, audit.probabilities);
  });

  it("takes probabilities from anything that learns, and judges the images of each part", async () => {
    const dataset = flawedData();
    const predictFold = async ({ held }: { held: Uint32Array }): Promise<Float32Array> =>
      Float32Array.from(
        Array.from(held).flatMap((image) => {
          const truth = (image < 120 ? image : image - 120) % 3;
          return [0, 1, 2].map((label) => (label === truth ? 0.9 : 0.05));
        }),
      );
    const { labelErrors, settings, pool } = await auditDataset(dataset, { platform, predictFold });
    const places = labelErrors.errors.map(({ image }) => placeOf(pool, image));
    const wrong = [...flaws.labels, ["train", flaws.conflict[1]] as const];
    assert.deepEqual(
      new Set(places.map(({ part, index }) => `${part} ${index}`)),
      new Set(wrong.map((place) => place.join(" "))),
    );
    assert.equal(settings.model, undefined);
  });

  it("has heads learn on what a body makes of the images, in whatever size it saw them", async () => {
    const dataset = flawedData();
    const { pool } = await auditDataset(dataset, {
      platform,
      predictFold: async ({ held }) => new Float32Array(held.length * 3).fill(1 / 3),
    });
    // Thirty numbers that tell what the image shows, and one that says nothing.
    const plain = Float32Array.from(
      Array.from({ length: pool.count }, (_, image) => (image < 120 ? image : image - 120) % 3).flatMap(
        (truth, image) => [
          ...Array.from({ length: 30 }, (_, at) => Math.sin(truth * 2 + at)),
          (image % 7) / 7,
        ],
      ),
    );
    const events: AuditEvent[] = [];
    const features = { size: 31, plain };
    const audit = await auditDataset(dataset, {
      platform,
      threads: 1,
      features,
      onEvent: (event) => void events.push(event),
    });
    const places = audit.labelErrors.errors.map(({ image }) => placeOf(audit.pool, image));
    for (const [part, index] of flaws.labels)
      assert.ok(places.some((place) => place.part === part && place.index === index));
    assert.ok(audit.accuracy > 0.95, `${audit.accuracy}`);
    assert.deepEqual(Object.keys(audit.settings), ["folds", "seed", "mirrored", "head"]);
    const counts = events.flatMap((event) => (event.event === "head" ? [event.count] : []));
    // The first fold chooses among eight, the others take what it chose.
    assert.deepEqual([counts.length, counts[0], counts.at(-1)], [33 + 4 * 5, 33, 5]);
    const refused = (more: object, message: RegExp) =>
      assert.rejects(auditDataset(dataset, { platform, features, ...more }), message);
    await refused({ model: "cnn" }, /got both features and model\. Give features alone/);
    await refused({ predictFold: async () => plain }, /got both predictFold and features/);
    await refused(
      { features: { size: 31, plain: plain.subarray(31) } },
      /features of 149 images, but there are 150\. Give those of all parts/,
    );
  });

  it("says where models learned too little for their doubts", () => {
    // Six of ten are of the first class: as many are right by guessing.
    const pool = { count: 10, labels: Uint32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1), classNames: ["a", "b"] };
    const littleAt = (accuracy: number) => knowLittle({ accuracy, pool: pool as unknown as Audit["pool"] });
    assert.deepEqual([0.1, 0.6, 0.79, 0.81, 1].map(littleAt), [true, true, true, false, false]);
  });

  it("stops with the signal's reason, before and amid the training", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const stopped = auditDataset(flawedData(), {
      ...quick,
      signal: controller.signal,
      onEvent: (event) =>
        event.event === "fold" && event.training.event === "step" && controller.abort(reason),
    });
    await assert.rejects(stopped, reason);
    await assert.rejects(auditDataset(flawedData(), { ...quick, signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(
      auditDataset(flawedData(), { ...quick, signal: { aborted: true } }),
      /was stopped before its end/,
    );
  });

  it("stops between the folds of what learns in a model's place", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let folds = 0;
    const predictFold = async ({ held }: { held: Uint32Array }): Promise<Float32Array> => {
      if (++folds === 2) controller.abort(reason);
      return new Float32Array(held.length * 3).fill(1 / 3);
    };
    const audit = (data: Dataset) => auditDataset(data, { platform, predictFold, signal: controller.signal });
    await assert.rejects(audit(flawedData()), reason);
    assert.equal(folds, 2);
  });

  it("refuses images and labels that don't fit each other, before it looks at them", async () => {
    const data = flawedData();
    const { train } = data;
    const refused = (part: object, message: RegExp) =>
      assert.rejects(
        auditDataset({ ...data, train: { ...train, ...part } } as Dataset, {
          platform,
          onEvent: () => assert.fail("it has begun"),
        }),
        message,
      );
    const { count, images, labels } = train as { count: number; images: Uint8Array; labels: Uint8Array };
    const size = images.length / count;
    await refused(
      { labels: labels.subarray(10), count: undefined },
      /auditDataset: dataset\.train has 120 images of .* and 110 labels; give one label an image/,
    );
    await refused({ images: images.subarray(5 * size) }, /has 115 images of .* and 120 labels/);
    await refused({ labels: labels.map((label, at) => (at === 4 ? 9 : label)) }, /label 9/);
    await assert.rejects(
      auditDataset({ ...data, classNames: ["one"] }, { platform }),
      /classNames must be a list of names, one for each of two or more classes/,
    );
    await assert.rejects(
      auditDataset(undefined as never, { platform }),
      /auditDataset takes a data set, .* but got nothing/,
    );
    const predictFold = async ({ held }: { held: Uint32Array }) =>
      new Float32Array(held.length * 3).fill(1 / 3);
    const uncounted = { ...data, train: { ...train, count: undefined } } as unknown as Dataset;
    assert.equal((await auditDataset(uncounted, { platform, predictFold })).pool.count, 150);
  });

  it("refuses options that make no sense, and data that it can't take", async () => {
    const audit = (more: object) => auditDataset(flawedData(), { platform, ...more });
    await assert.rejects(audit({ folds: 1 }), /folds must be a whole number from 2 to 100/);
    await assert.rejects(audit({ modle: "cnn" }), /no option "modle"\. Did you mean model\?/);
    const few = { ...flawedData(), train: { count: 0, images: new Uint8Array(), labels: new Uint8Array() } };
    await assert.rejects(
      auditDataset(few, { platform, folds: 31 }),
      /30 images can't be shared out over 31 folds/,
    );
  });
});

describe("findingsCsv", () => {
  it("quotes what needs it, and makes no formula of a name", () => {
    const lines = findingsCsv([
      {
        kind: "label",
        part: "train",
        index: 4,
        file: '=a,"b".png',
        label: "x\ny",
        suggestion: "z",
        score: 0.125,
      },
      {
        kind: "duplicate",
        part: "test",
        index: 0,
        label: "x",
        score: 0,
        group: 1,
        leak: true,
        conflicting: false,
      },
    ]);
    assert.deepEqual(lines, [
      "kind,part,index,file,label,suggestion,score,group,leak,conflicting",
      `label,train,4,"'=a,""b"".png","x\ny",z,0.125000,,,`,
      "duplicate,test,0,,x,,0,1,yes,no",
    ]);
  });
});
