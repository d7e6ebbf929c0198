#!/usr/bin/env node
import { stderr } from "node:process";

// Nothing of ours is imported up here: where not even our own files can be opened, a sentence says so.
const loaded = await import("./run-process.js").catch((error: unknown) => {
  stderr.write(`error: heddle can't be loaded: ${error instanceof Error ? error.message : String(error)}.\n`);
  process.exitCode = 1;
});
await loaded?.runProcess();
