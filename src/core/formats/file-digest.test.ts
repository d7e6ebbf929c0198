import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError } from "../errors.js";
import { headerWithoutDigest } from "./file-digest.js";
import { murmur3 } from "./murmur3.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { dataStartOf, fileOf, withOneBitFlipped, withoutDigest } from "./testing/files.js";

const tensor = (name: string, ...values: number[]) => ({
  name,
  shape: [values.length],
  data: Float32Array.from(values),
});

function assertEachFlipRefused(file: Uint8Array): void {
  for (const { flipped, where } of withOneBitFlipped(file)) {
    assert.throws(() => decodeSafetensors(flipped, "x"), HeddleError, where);
  }
}

const damaged = /not a whole safetensors file: its digest is not that of its content/;

describe("a file's digest", () => {
  it("is that of length and header, with the digest of the data in its place", () => {
    const file = encodeSafetensors([tensor("a", 1, 2)], { note: "ä" });
    const dataStart = dataStartOf(file);
    const text = Buffer.from(file.subarray(8, dataStart)).toString();
    const [digest] = text.match(/(?<="heddleDigest":"murmur3-128:)[0-9a-f]{32}(?=")/) ?? [""];
    const head = text.replace(digest, murmur3(file.subarray(dataStart)));
    const length = Buffer.from(file.subarray(0, 8));
    assert.equal(murmur3(Buffer.concat([length, Buffer.from(head)])), digest);
  });

  const cases: [string, Uint8Array][] = [
    ["of nothing", encodeSafetensors([], {})],
    ["of metadata alone", encodeSafetensors([], { format: "x", version: "2" })],
    ["of an empty tensor", encodeSafetensors([{ name: "", shape: [0], data: new Float32Array(0) }], {})],
    [
      "of texts full of JSON",
      encodeSafetensors([tensor('a"b\\', 1)], {
        '"': '\\"{}[]:,\\\\',
        "\\": '[{"a":"\\"ä✓\\u0000"}]',
        L: "L",
      }),
    ],
    [
      "of names near its own",
      encodeSafetensors([tensor("__metadata_^", 1), tensor("__MetadatA__", 2)], {
        heddleDigesu: "murmur3-128:",
        heddleDigestOver_: "",
        dtype: "F32",
        shape: "[0]",
        data_offsets: "[0,0]",
      }),
    ],
    // A length that is too large reads data as header: data of spaces would pass for padding.
    [
      "of data that looks like padding",
      encodeSafetensors([tensor("a", ...Array(16).fill(1.3563156e-19))], {}),
    ],
  ];
  for (const [what, file] of cases) {
    it(`betrays each flipped bit of a file ${what}`, () => {
      assert.ok(decodeSafetensors(file, "x").hasDigest);
      assertEachFlipRefused(file);
    });
  }

  it("betrays each flipped bit of any file", () => {
    const metadata = fc.dictionary(fc.string({ maxLength: 6 }), fc.string({ maxLength: 6 }), { maxKeys: 3 });
    const names = fc.uniqueArray(
      fc.string({ maxLength: 6 }).filter((name) => name !== "__metadata__"),
      { maxLength: 2 },
    );
    fc.assert(
      fc.property(names, metadata, (names, metadata) => {
        assertEachFlipRefused(
          encodeSafetensors(
            names.map((name, index) => tensor(name, index)),
            metadata,
          ),
        );
      }),
      { numRuns: 10 },
    );
  });

  it("is asked for wherever it is announced", () => {
    const file = encodeSafetensors([], { note: "" });
    const text = Buffer.from(file.subarray(8)).toString().trimEnd();
    const moved = JSON.parse(text);
    for (const key of ["heddleDigest", "heddleDigestOver"]) {
      const { [key]: _, ...rest } = moved.__metadata__;
      assert.throws(() => decodeSafetensors(fileOf({ __metadata__: rest }, 0), "x"), damaged);
    }
    const last = { __metadata__: { note: "", ...moved.__metadata__ } };
    for (const changed of [`${text}${" ".repeat(9)}`, last, text.replace(/[0-9a-f]{32}/, "")]) {
      assert.throws(() => decodeSafetensors(fileOf(changed, 0), "x"), damaged);
    }
    // Where the header ends within the digest.
    const cut = `${headerWithoutDigest.slice(0, 50)}"}}`;
    assert.throws(() => decodeSafetensors(fileOf(cut, 0), "x"), damaged);
  });

  it("is not asked of files that announce none", () => {
    const file = withoutDigest(encodeSafetensors([tensor("a", 1)], { format: "pt" }));
    assert.deepEqual(decodeSafetensors(file, "x"), {
      tensors: [tensor("a", 1)],
      metadata: { format: "pt" },
      hasDigest: false,
    });
  });

  it("is checked in a Buffer without changing it", () => {
    const file = Buffer.from(encodeSafetensors([tensor("a", 1)], {}));
    const before = Uint8Array.from(file);
    decodeSafetensors(file, "x");
    assert.deepEqual(Uint8Array.from(file), before);
  });
});
