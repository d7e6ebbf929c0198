import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode } from "fast-png";
import { crc32, crc32c } from "../../core/data/formats/crc32.js";
import { readEvents } from "../testing/read-events.js";
import { confusionPicture } from "./confusion-picture.js";
import { eventFileStart, eventRecord } from "./event-file.js";

describe("checksums", () => {
  it("are those of their catalogue", () => {
    const digits = new TextEncoder().encode("123456789");
    assert.deepEqual([crc32(digits), crc32c(digits)], [0xcbf43926, 0xe3069283]);
  });
});

describe("an event file", () => {
  it("says what was written, a record after another", () => {
    const image = { height: 2, width: 3, png: Uint8Array.of(1, 2, 3) };
    const values = [
      { tag: "loss/train", number: 0.5 },
      { tag: "loss/validation", number: Number.NaN },
      { tag: "mistakes/1 “ä” taken for b", image },
      { tag: "settings", text: "| a | b |\n" },
    ];
    const file = Buffer.concat([
      eventFileStart(1.5),
      eventRecord({ wallTime: 1_800_000_000.25, step: 3_000_000_000, values }),
      eventRecord({ wallTime: 3, step: 0, values: [] }),
    ]);
    assert.deepEqual(readEvents(file), [
      { wallTime: 1.5, step: 0, version: "brain.Event:2", values: [] },
      {
        wallTime: 1_800_000_000.25,
        step: 3_000_000_000,
        values: [
          { tag: "loss/train", number: 0.5 },
          { tag: "mistakes/1 “ä” taken for b", image },
          { tag: "settings", plugin: "text", text: "| a | b |\n" },
        ],
      },
      { wallTime: 3, step: 0, values: [] },
    ]);
  });

  // Of TensorBoard's own `Event(wall_time=1.0, step=2, summary=…Value(tag="loss", simple_value=0.5)…)`.
  it("has the bytes that its own messages have", () => {
    const framed = eventRecord({ wallTime: 1, step: 2, values: [{ tag: "loss", number: 0.5 }] });
    const event = "09000000000000f03f10022a0d0a0b0a046c6f7373150000003f";
    assert.equal(Buffer.from(framed.subarray(12, -4)).toString("hex"), event);
  });
});

describe("a confusion matrix as a picture", () => {
  it("has a row a true class: blue where it is right, orange where it is wrong", () => {
    const { height, width, png } = confusionPicture([
      [4, 0],
      [4, 0],
    ]);
    assert.deepEqual([height, width], [80, 80]);
    const { data } = decode(png);
    const at = (row: number, column: number): number[] => [
      ...data.slice((row * 80 + column) * 3, (row * 80 + column) * 3 + 3),
    ];
    const [right, none, wrong] = [at(5, 5), at(5, 45), at(45, 5)];
    assert.deepEqual(none, at(45, 45));
    assert.ok(right[2] > right[0] + 50, `${right} is blue`);
    assert.ok(wrong[0] > wrong[2] + 50, `${wrong} is orange`);
  });

  it("has a pixel a cell where there are a great many classes", () => {
    const rows = Array.from({ length: 600 }, (_, row) =>
      Array.from({ length: 600 }, (__, each) => Number(row === each)),
    );
    assert.deepEqual([confusionPicture(rows).height, confusionPicture(rows).width], [600, 600]);
  });
});
