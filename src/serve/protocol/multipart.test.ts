import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HttpError } from "../http/http-error.js";
import { readMultipart } from "./multipart.js";

/** A form as a browser sends it. */
async function sent(files: readonly Uint8Array[]): Promise<{ body: Buffer; type: string }> {
  const form = new FormData();
  for (const [index, content] of files.entries())
    form.append("file", new Blob([content.slice()]), `${index}.png`);
  const response = new Response(form);
  const type = response.headers.get("content-type") ?? "";
  return { body: Buffer.from(await response.arrayBuffer()), type };
}

const type = "multipart/form-data; boundary=b";
const part = 'content-disposition: form-data; name="a"\r\n\r\n';

describe("a form of files", () => {
  it("is read as it was sent", async () => {
    // Bytes that look like delimiters, or nearly.
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .array(fc.constantFrom("\r\n", "--", "\r", "\n", "-", "\0", "form"), { maxLength: 12 })
        .map((texts) => new Uint8Array(Buffer.from(texts.join("")))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 5 }), async (files) => {
        const { body, type } = await sent(files);
        const parts = readMultipart(body, type, 5);
        assert.deepEqual(
          parts.map(({ name, content }) => [name, [...content]]),
          files.map((content) => ["file", [...content]]),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("may have text before and after, spaces behind its delimiters and a quoted boundary", () => {
    const body = Buffer.from(`before\r\n--b \t\r\n${part}one\r\n--b\r\n${part}\r\n--b--\r\nafter`);
    for (const each of [type, 'multipart/form-data; charset=utf-8; boundary="b"']) {
      const parts = readMultipart(body, each, 2);
      assert.deepEqual(
        parts.map(({ content }) => content.toString()),
        ["one", ""],
      );
    }
  });

  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    ["without a boundary", "multipart/form-data", "--b--", /names no boundary/],
    ["without a delimiter", type, "nothing", /cut off/],
    ["cut off in a head", type, "--b\r\ncontent-disp", /cut off/],
    ["cut off in a part", type, `--b\r\n${part}on`, /cut off/],
    ["cut off behind a delimiter", type, `--b\r\n${part}one\r\n--b`, /cut off/],
    ["with a longer delimiter", type, `--bb\r\n${part}one\r\n--bb--`, /cut off/],
    ["with an endless head", type, `--b\r\nx: ${"y".repeat(9000)}\r\n${part}one\r\n--b--`, /cut off/],
    ["with a part without a name", type, "--b\r\ncontent-type: a/b\r\n\r\none\r\n--b--", /has no name/],
    [
      "with too many parts",
      type,
      `--b\r\n${`${part}x\r\n--b\r\n`.repeat(3)}${part}x\r\n--b--`,
      /more parts than the 2/,
    ],
  ];
  for (const [what, contentType, body, words] of refused)
    it(`is refused ${what}`, () => {
      assert.throws(
        () => readMultipart(Buffer.from(body), contentType, 2),
        (error: unknown) => error instanceof HttpError && error.status === 400 && words.test(error.message),
      );
    });

  it("is read or refused, whatever it is", async () => {
    const { body, type } = await sent([Uint8Array.of(1, 2, 3), new Uint8Array(9)]);
    fc.assert(
      fc.property(fc.nat(body.length), fc.nat(body.length), fc.nat(255), (cut, at, byte) => {
        const damaged = Buffer.from(body.subarray(0, body.length - (cut % 7 === 0 ? cut : 0)));
        if (damaged.length > 0) damaged[at % damaged.length] = byte;
        try {
          for (const { content } of readMultipart(damaged, type, 9)) assert.ok(content.length <= body.length);
        } catch (error) {
          assert.ok(error instanceof HttpError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
