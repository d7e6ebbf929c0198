import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { it } from "node:test";
import { fashionMnistLeaks } from "./fashion-mnist-leaks.js";

it("the leaks of Fashion-MNIST are those that its audit found", async () => {
  const audit = JSON.parse(await readFile("results/audit-fashion-mnist.json", "utf8"));
  assert.deepEqual(fashionMnistLeaks, audit.own.leaks.testImages);
});
