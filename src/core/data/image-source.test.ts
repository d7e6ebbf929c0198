import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { imageSource } from "./image-source.js";

const labels = Uint8Array.of(0, 1, 0, 1, 0);
const order = Uint32Array.of(4, 2, 0, 3, 1);

async function collect(images: AsyncIterable<Uint8Array | Uint8ClampedArray>): Promise<number[]> {
  const all: number[] = [];
  for await (const image of images) all.push(image[0]);
  return all;
}

const imagesOf = (source: ReturnType<typeof imageSource>) =>
  source.images(order) as AsyncGenerator<Uint8Array>;

describe("a source of images that are read by index", () => {
  it("gives them in the order asked for, however long each takes, so many read at once", async () => {
    for (const ahead of [1, 2, 3, 99]) {
      let reading = 0;
      let most = 0;
      const read = async (index: number): Promise<Uint8Array> => {
        most = Math.max(most, ++reading);
        await new Promise((resolve) => setTimeout(resolve, index * 2));
        reading--;
        return Uint8Array.of(index);
      };
      assert.deepEqual(await collect(imagesOf(imageSource({ labels, read, ahead }))), [...order]);
      assert.equal(most, Math.min(ahead, order.length));
    }
  });

  it("has targets in place of labels", () => {
    const targets = new Float32Array(10);
    const source = imageSource({ targets, read: () => new Uint8Array(1) });
    assert.deepEqual([source.targets, "labels" in source], [targets, false]);
  });

  it("reads none ahead that are there at once: they may share their memory", async () => {
    const room = new Uint8Array(1);
    const read = (index: number): Uint8Array => room.fill(index);
    assert.deepEqual(await collect(imagesOf(imageSource({ labels, read }))), [...order]);
  });

  it("fails where one can't be read, in its turn, and leaves no rejection unheard", async () => {
    const read = async (index: number): Promise<Uint8Array> => {
      if (index % 2 === 0 && index < 4) throw new Error(`no image ${index}`);
      return Uint8Array.of(index);
    };
    const images = imagesOf(imageSource({ labels, read }));
    assert.deepEqual((await images.next()).value, Uint8Array.of(4));
    await assert.rejects(images.next(), /no image 2/);
    const left = imagesOf(imageSource({ labels, read }));
    await left.next();
    await left.return(undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("refuses what isn't one", () => {
    const read = () => new Uint8Array(1);
    const wrong: [unknown, RegExp][] = [
      [undefined, /^imageSource takes an object of options/],
      [{ labels }, /^imageSource: read must be a function of an image's index, but is nothing/],
      [{ labels: [0, 1], read }, /^imageSource: labels must be a Uint8Array/],
      [{ labels, read, ahead: 0 }, /ahead must be a whole number of 1 or more/],
      [{ labels, read, images: read }, /has no option "images"/],
      [{ labels, read, fingerprint: 3 }, /fingerprint must be text/],
      [{ read }, /^imageSource got neither labels nor targets; give labels, one an image, or targets/],
      [{ labels, targets: new Float32Array(5), read }, /^imageSource got both labels and targets/],
      [{ targets: [1, 0], read }, /^imageSource: targets must be a Float32Array/],
    ];
    for (const [given, message] of wrong)
      assert.throws(() => imageSource(given as never), { name: "UsageError", message });
  });
});
