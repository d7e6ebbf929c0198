import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode } from "fast-png";
import { html } from "./html.js";
import { pictureRow, pictureUri } from "./picture.js";

function decoded(uri: string) {
  const [, base64] = uri.match(/^data:image\/png;base64,(.*)$/)!;
  const { width, height, channels, data } = decode(Buffer.from(base64, "base64"));
  return { width, height, channels, data: [...data] };
}

describe("pictureUri", () => {
  it("keeps every pixel: grey, colour, and the first of other channels", () => {
    const bytes = Uint8Array.of(0, 1, 2, 253, 254, 255);
    assert.deepEqual(decoded(pictureUri(bytes, [2, 3, 1])), {
      width: 3,
      height: 2,
      channels: 1,
      data: [...bytes],
    });
    assert.deepEqual(decoded(pictureUri(bytes, [2, 1, 3])), {
      width: 1,
      height: 2,
      channels: 3,
      data: [...bytes],
    });
    assert.deepEqual(decoded(pictureUri(bytes, [3, 1, 2])), {
      width: 1,
      height: 3,
      channels: 1,
      data: [0, 2, 254],
    });
  });

  it("takes part of a larger array", () => {
    const images = Uint8Array.of(9, 9, 1, 2);
    assert.deepEqual(decoded(pictureUri(images.subarray(2), [1, 2, 1])).data, [1, 2]);
  });
});

describe("pictureRow", () => {
  it("says in words what each shows", () => {
    const pictures = pictureRow(
      [{ pixels: Uint8Array.of(1), alt: 'A "boot"', caption: html`<b>boot</b>` }],
      [1, 1, 1],
    ).html;
    assert.match(
      pictures,
      /^<ul class="pictures"><li><img src="data:[^"]*" width="1" height="1" alt="A &quot;boot&quot;"><b>boot<\/b><\/li>/,
    );
  });
});
