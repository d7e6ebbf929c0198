import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { version } from "./version.js";

it("the library's version is its package's", () => {
  const file = new URL("../../package.json", import.meta.url);
  assert.equal(version, (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version);
});
