import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError } from "../../errors.js";
import { parsePixelCsv, pixelColumns } from "./pixel-csv.js";

const csv = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));

describe("a CSV of pixels", () => {
  const header = "label,pixel0,pixel1,pixel2,pixel3";
  const good: readonly [string, string][] = [
    ["a header", `${header}\n3,0,1,2,255\n1,9,8,7,6\n`],
    ["a header that counts rows and columns", "label,1x1,1x2,2x1,2x2\n3,0,1,2,255\n1,9,8,7,6\n"],
    ["a header that counts columns", "0,1,2,3,4\n3,0,1,2,255\n1,9,8,7,6\n"],
    ["no header", "3,0,1,2,255\n1,9,8,7,6\n"],
    ["no end of the last line", `${header}\n3,0,1,2,255\n1,9,8,7,6`],
    ["ends of lines as Windows has them", `${header}\r\n3,0,1,2,255\r\n1,9,8,7,6\r\n`],
    ["empty lines at its end", `${header}\n3,0,1,2,255\n1,9,8,7,6\n\n\r\n`],
    ["a mark before its text", `\uFEFF${header}\n3,0,1,2,255\n1,9,8,7,6\n`],
    [
      "quotes, spaces and a point behind whole numbers",
      `"label","pixel0","pixel1","pixel2","pixel3"\n"3", 0,1.0,2,255.00\n1.0,9,"8",7,6\n`,
    ],
    ["its labels last", "pixel0,pixel1,pixel2,pixel3,class\n0,1,2,255,3\n9,8,7,6,1\n"],
  ];
  for (const [what, text] of good) {
    it(`with ${what} is read`, () => {
      assert.deepEqual(parsePixelCsv(csv(text), "x"), {
        pixels: Uint8Array.of(0, 1, 2, 255, 9, 8, 7, 6),
        width: 4,
        labels: ["3", "1"],
      });
    });
  }

  it("may have words for labels, or none", () => {
    assert.deepEqual(parsePixelCsv(csv(`${header}\ncat,1,2,3,4\n`), "x").labels, ["cat"]);
    const [long, other] = ["a", "b"].map((end) => "日本".repeat(50) + end);
    const words = parsePixelCsv(csv(`${header}\nÄpfel,1,2,3,4\n${long},1,2,3,4\n"${other}",1,2,3,4\n`), "x");
    assert.deepEqual(words.labels, ["Äpfel", long, other]);
    const western = Uint8Array.from(`${header}\n\xc4pfel,1,2,3,4\n`, (letter) => letter.charCodeAt(0));
    assert.deepEqual(parsePixelCsv(western, "x").labels, ["Äpfel"]);
    assert.equal(
      parsePixelCsv(csv("pixel0,pixel1,pixel2,pixel3,pixel4\n1,2,3,4,5\n"), "x").labels,
      undefined,
    );
  });

  it("is told from other tables", () => {
    for (const line of [
      "path,label",
      "5.1,3.5,1.4,0.2,setosa",
      "id,label,x,y,width,height",
      "a,b,c,d,e,f",
      "",
    ]) {
      assert.equal(pixelColumns(line), undefined, line);
    }
  });

  it("gives back what was written, or refuses, whatever is cut off or exchanged", () => {
    const whole = `${header}\n${Array.from({ length: 9 }, (_, row) => `${row % 3},${row},2,3,${250 - row}`).join("\n")}\n`;
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(127), (length, place, code) => {
        const bytes = csv(whole.slice(0, length));
        if (place < length) bytes[place] = code;
        try {
          const { pixels, width, labels } = parsePixelCsv(bytes, "x");
          assert.equal(pixels.length, width * (labels?.length ?? pixels.length / width));
        } catch (error) {
          assert.ok(error instanceof HeddleError, (error as Error).stack);
        }
      }),
      { numRuns: 400 },
    );
  });

  const bad: readonly [string, string, RegExp][] = [
    [
      "a row with fewer",
      `${header}\n3,0,1,2,255\n1,9,8\n`,
      /^x, line 3, has 3 columns, but its first line has 5/,
    ],
    ["a row with more", `${header}\n3,0,1,2,255,9\n`, /^x, line 2, has 6 columns/],
    ["an empty line within", `${header}\n\n3,0,1,2,255\n`, /^x, line 2, has 1 columns/],
    [
      "a pixel beyond a byte",
      "3,0,1,2,256\n",
      /^x, line 1, holds "256" in column 5: expected a pixel, a whole number from 0 to 255/,
    ],
    ["a negative pixel", `${header}\n3,0,-1,2,5\n`, /holds "-1" in column 3/],
    ["a pixel of nothing", `${header}\n3,0,,2,5\n`, /holds "" in column 3/],
    ["shares of 255", `${header}\n3,0,0.5,1,1\n`, /holds "0\.5" in column 3: .* multiply them/],
    ["a word for a pixel", `${header}\n3,0,x,1,1\n`, /holds "x" in column 3/],
    ["a row without a label", `${header}\n,0,1,1,1\n`, /^x, line 2, has no label/],
    ["a header alone", `${header}\n`, /^x holds no image/],
    ["other words", "hello\n", /^x is no CSV of pixels: it begins with "hello"/],
    ["nothing", "", /^x is no CSV of pixels/],
  ];
  for (const [what, text, message] of bad) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parsePixelCsv(csv(text), "x"), { name: "HeddleError", message });
    });
  }
});
