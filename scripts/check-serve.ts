// A real client of the Open Inference Protocol, and requests made up from the OpenAPI document, against heddle serve:
//   python3 -m venv FOLDER && FOLDER/bin/pip install "tritonclient[http]" schemathesis
//   npm run build && node dist/scripts/check-serve.js FOLDER/bin [requests]
// So many requests in all (default 20000), or about: half of the operations take nothing that much could be made up for. It fails where the client
// gets other bytes than the library gives, and where the server fails or answers what its document doesn't say. What it
// holds of memory before and after stands in the last line; whether that grows over 200,000 requests, load-serve.ts measures.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "#heddle/core/random.js";
import { conv2d, dense, flatten, maxPool2d, sequential } from "#heddle/node/index.js";
import { serve } from "#heddle/serve/index.js";
import { wholeNumber } from "./arguments.js";

const [programs = "", requestsText = "20000"] = process.argv.slice(2);
const requests = wholeNumber(requestsText, "requests");
const folder = mkdtempSync(join(tmpdir(), "heddle-check-serve-"));
const layers = [conv2d({ filters: 4, kernelSize: 3 }), maxPool2d(), flatten(), dense({ units: 5 })];
await using model = sequential(layers, { inputShape: [12, 10, 3], name: "small" });
const shape = [7, 12, 10, 3];
const random = createRandom(1);
const images = Uint8Array.from({ length: 7 * 12 * 10 * 3 }, () => random.below(256));
const expected = join(folder, "expected.json");
writeFileSync(
  expected,
  JSON.stringify({
    model: "small",
    shape,
    images: [...images],
    probabilities: [...(await model.predict(images))],
  }),
);
let failures = 0;
const server = await serve(model, {
  port: 0,
  timeout: 5000,
  onLog: (entry) => {
    if (entry.level !== "error") return;
    failures++;
    console.error(entry);
  },
});

/** @throws Error unless the program ends well */
async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(join(programs, program), args, { stdio: "inherit", cwd: folder });
  const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  if (code !== 0) throw new Error(`${program} ended with ${code}.`);
}

const source = join(import.meta.dirname, "../../scripts/check-serve/triton_client.py");
await run("python", [source, server.url.replace("http://", ""), expected]);
const before = process.memoryUsage.rss();
const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
const operations = Object.keys(document.paths).length;
const [{ version }] = server.models;
const named = join(folder, "named.toml");
// An address of many kilobytes is refused as such, too.
const statuses = `[checks]\nnegative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 413, 415, 422, 431]\n`;
writeFileSync(named, `${statuses}[parameters]\n"path.model" = "small"\n"path.version" = "${version}"\n`);
const unnamed = join(folder, "unnamed.toml");
writeFileSync(unnamed, statuses);
// Names made up lead nowhere, and those that there are behind them: half of the requests each.
for (const config of [unnamed, named])
  await run("schemathesis", [
    ...[
      "--config-file",
      config,
      "run",
      `${server.url}/openapi.json`,
      "--workers",
      "1",
      "--continue-on-failure",
    ],
    ...["--phases", "coverage,fuzzing", "--max-examples", String(Math.ceil(requests / operations))],
    // A body of any bytes may be no picture, and a shape of any numbers not the model's.
    ...["--exclude-checks", "positive_data_acceptance", "--generation-database", "none", "--no-color"],
  ]);
const after = process.memoryUsage.rss();
console.log(
  `Resident before and after: ${before >> 20} and ${after >> 20} MiB; ${failures} failures in the log.`,
);
await server.close();
rmSync(folder, { recursive: true });
if (failures > 0) process.exitCode = 1;
