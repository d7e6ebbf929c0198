#!/usr/bin/env node
import { commandLine } from "./command-line.js";
import { processTerminal } from "./terminal.js";

const { run, fail } = commandLine(process.argv.slice(2), processTerminal());

// A reader that has seen enough (`heddle runs | head -1`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : fail(error));
});
process.on("uncaughtException", (error) => process.exit(fail(error)));

process.exitCode = await run();
// Whatever a failure has left open must not keep the process.
setTimeout(() => process.exit(), 1000).unref();
