// jax-js beside heddle in one cross-origin isolated page of Chromium, where both have their threads, on an idle machine:
//   npm ci --prefix bench && npm run build && node dist/scripts/bench/page.js [CHROMIUM] [rounds]
// writes results/page-<UTC time>-<avx2|avx512|…>.json: a training step of the Proposed CNN at batch 128, and 256 images
// predicted. Of fewer than 3 rounds (default 3: jax-js takes seconds a turn) results/quick-….json, which no page reads.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { medianRatio } from "#heddle/bench/interleave.js";
import { quartiles } from "#heddle/bench/measure.js";
import { nodePlatform } from "#heddle/node/platform.js";
import { wholeNumber } from "../arguments.js";
import { describeMachine } from "./machine.js";
import { measureInPage, pageModules } from "./page-program.js";
import type { PageFile, PageRow } from "./result-files.js";
import { stamp, writeResult } from "./write-result.js";

const [executablePath = "/usr/bin/chromium", roundsText = "3"] = process.argv.slice(2);
const rounds = wholeNumber(roundsText, "rounds");
process.chdir(fileURLToPath(new URL("../../..", import.meta.url)));

const library = "bench/node_modules/@jax-js/jax";
const { version } = JSON.parse(readFileSync(join(library, "package.json"), "utf8")) as { version: string };
const imports = { "@jax-js/jax": `/${library}/dist/index.js` };
const page = `<!doctype html><title>Two in a page</title><script type="importmap">${JSON.stringify({ imports })}</script>`;
/** Without these two headers a page's threads share no memory. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
  const content = path === "/" ? page : await readFile(join(".", path)).catch(() => undefined);
  const type = extname(path) === ".js" ? "text/javascript" : "text/html";
  response.writeHead(content === undefined ? 404 : 200, { ...isolation, "Content-Type": type }).end(content);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({ executablePath, chromiumSandbox: false });
const environment = describeMachine();
const threads = nodePlatform.cores;
const rows: PageRow[] = [];
try {
  const open = await browser.newPage();
  await open.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const work of [
    { kind: "train", batch: 128 },
    { kind: "infer", batch: 256 },
  ] as const) {
    const times = await open.evaluate(measureInPage, { modules: pageModules, work, rounds, threads });
    if (!times.isolated) throw new Error("The page isn't cross-origin isolated: both would have one thread.");
    const { heddle, jax } = times;
    rows.push({ name: `${work.kind}/proposed/${work.batch}`, threads, heddle, jax });
    const [own, theirs] = [heddle, jax].map((each) => quartiles(each).median.toFixed(1));
    const faster = (1 / medianRatio(heddle, jax)).toFixed(0);
    console.error(`${work.kind} ${work.batch}: heddle ${own} ms, jax-js ${theirs} ms, ${faster} ×`);
  }
} finally {
  const browserVersion = browser.version();
  await browser.close();
  server.close();
  const command = ["node dist/scripts/bench/page.js", ...process.argv.slice(2)].join(" ");
  const content: PageFile = {
    environment,
    command,
    browser: `Chromium ${browserVersion}`,
    rival: `jax-js ${version}`,
    rows,
  };
  const name = `page-${stamp()}-${environment.vectors}.json`;
  if (rows.length > 0) console.log(writeResult(rounds < 3 ? `quick-${name}` : name, content));
}
