import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("./testing/memory-use.js", import.meta.url));
const streaming = fileURLToPath(new URL("./testing/streamed-images.js", import.meta.url));

/** A leak would keep a thread of ten mebibytes, an arena, or both of every turn: several hundred in all. */
const allowedMebibytes = 100;

describe("memory is flat", {
  skip: !existsSync("/proc/self/status") && "there is no /proc/self/status",
}, () => {
  const ways = {
    fits: "over 80 fits of a model",
    evaluates: "over 200 evaluations",
    predicts: "over 2,000 predictions of changing size",
    models: "over 80 models made and disposed",
    dropped: "over 30 models that are dropped without dispose",
  };
  for (const [way, what] of Object.entries(ways))
    it(what, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, way]);
      const { early, late } = JSON.parse(stdout);
      const grown = late.mebibytes - early.mebibytes;
      assert.ok(grown < allowedMebibytes, `${early.mebibytes} MiB, later ${late.mebibytes} MiB`);
      assert.ok(late.threads <= early.threads + 1, `${early.threads} threads, later ${late.threads}`);
    });

  it("however many images a fit streams", async () => {
    const trained = async (images: number) => {
      const { stdout } = await promisify(execFile)(process.execPath, [streaming, String(images)]);
      const { mebibytes, mebibytesOfImages, accuracy } = JSON.parse(stdout);
      assert.equal(accuracy, 1, "it has learned");
      return { mebibytes, mebibytesOfImages };
    };
    const few = await trained(200);
    const many = await trained(5000);
    const grown = many.mebibytes - few.mebibytes;
    assert.ok(
      grown < allowedMebibytes && grown < many.mebibytesOfImages / 2,
      `${few.mebibytes} MiB with few images, ${many.mebibytes} MiB with ${many.mebibytesOfImages} MiB of them`,
    );
  });
});
