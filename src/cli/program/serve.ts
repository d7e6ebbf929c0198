import type { Command } from "commander";
import { UsageError } from "../../core/errors.js";
import { serveOptions } from "../../serve/serve-options.js";
import { wholeNumber } from "../arguments.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle serve`. */
export function addServe(program: Command, terminal: Terminal): void {
  const { batchSize, batchWait, queue, maxPictures, timeout } = serveOptions;
  const command = addThreads(
    program
      .command("serve")
      .description("answer over HTTP: the Open Inference Protocol, pictures as people send them, and a page"),
  )
    .argument("<models...>", "folders of runs, or model files; the first answers where none is named")
    .option("--host <address>", serveOptions.host.meaning, serveOptions.host.default)
    .option(
      "--port <n>",
      serveOptions.port.meaning,
      wholeNumber("--port", 0, 65_535),
      serveOptions.port.default,
    )
    .option(
      "--token <text>",
      `${serveOptions.token.meaning}, as Authorization: Bearer; others may read it here`,
    )
    .option("--token-file <file>", "a file with that token, which nobody else should be able to read")
    .option("--no-token", "let anybody ask, from other machines too")
    .option(
      "--origin <url>",
      "an origin whose pages may ask, or * for all; again for each",
      (url: string, others: readonly string[] = []) => [...others, url],
    )
    .option("--weights <name>", "of runs: best, last or interrupted (default: best)")
    .option("--batch-size <n>", batchSize.meaning, wholeNumber("--batch-size", 1, 1024), batchSize.default)
    .option("--batch-wait <ms>", batchWait.meaning, wholeNumber("--batch-wait", 0, 1000), batchWait.default)
    .option("--queue <n>", queue.meaning, wholeNumber("--queue", 1, 2 ** 20), queue.default)
    .option("--max-body <MiB>", "of a request, at most", wholeNumber("--max-body", 1, 1024), 32)
    .option(
      "--max-pictures <n>",
      maxPictures.meaning,
      wholeNumber("--max-pictures", 1, 1024),
      maxPictures.default,
    )
    .option(
      "--timeout <s>",
      "from a request to its answer, at most",
      wholeNumber("--timeout", 1, 3600),
      timeout.default / 1000,
    )
    .option("--quiet", "write no line a request to stdout")
    .action(async (models: string[], options) => {
      if (told.size > 1) throw new UsageError("--token was given with --no-token: take one of them.");
      await (await import("../commands/serve.js")).serveCommand({ models, ...options }, terminal);
    });
  // Both say what the one option is, and the later would stand.
  const told = new Set<string>();
  for (const name of ["token", "no-token"]) command.on(`option:${name}`, () => told.add(name));
  example(command, "heddle serve runs/first --port 8080");
}
