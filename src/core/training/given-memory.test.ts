import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { tinyData, tinyModels } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);
const { images, labels } = tinyData.train;

/** Trains on images whose memory goes after the first epoch. */
async function trained(given: Uint8Array, afterFirst: () => void): Promise<void> {
  const model = tinyModel();
  const onEpoch = ({ epoch }: { readonly epoch: number }): void => {
    if (epoch === 1) afterFirst();
  };
  try {
    await model.fit({ train: { images: given, labels } }, { epochs: 4, callbacks: [{ onEpoch }] });
  } finally {
    await model.dispose();
  }
}

const goneAmid = { name: "UsageError", message: /^fit: train\.images were taken away before/ };

describe("memory that a training was given", () => {
  it("is missed where it shrinks between two epochs", async () => {
    const options = { maxByteLength: images.length };
    const Resizable = ArrayBuffer as unknown as new (
      length: number,
      options: object,
    ) => ArrayBuffer & {
      resize(length: number): void;
    };
    const buffer = new Resizable(images.length, options);
    const given = new Uint8Array(buffer);
    given.set(images);
    await assert.rejects(
      trained(given, () => buffer.resize(10)),
      goneAmid,
    );
  });

  it("is missed where it is transferred between two epochs, or was before", async () => {
    const given = images.slice();
    const transfer = (): void => void structuredClone(given, { transfer: [given.buffer] });
    await assert.rejects(trained(given, transfer), goneAmid);
    await assert.rejects(
      trained(given, () => undefined),
      {
        name: "UsageError",
        message: /^fit: train\.images have no memory any more: .* Give a view of the new/,
      },
    );
  });

  it("is not looked at again where labels are a Buffer, whose slice is a view", async () => {
    const given = Buffer.from(labels);
    const weightsOf = async (meddle: () => void): Promise<readonly Float32Array[]> => {
      const model = tinyModel();
      try {
        const onEpoch = ({ epoch }: { readonly epoch: number }): void => {
          if (epoch === 1) meddle();
        };
        await model.fit({ train: { images, labels: given } }, { epochs: 3, callbacks: [{ onEpoch }] });
        return (await model.getWeights()).map(({ data }) => data);
      } finally {
        await model.dispose();
      }
    };
    const expected = await weightsOf(() => undefined);
    assert.deepEqual(await weightsOf(() => void given.fill(0)), expected);
  });
});
