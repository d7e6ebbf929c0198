// Makes the program of exported pages, and that of their worker, of what is built in dist/export/page: a page from disk
// can import nothing. What it writes, src/export/html/page-bundle.d.ts describes. The build runs it behind the compiler.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const built = (path: string): string => fileURLToPath(new URL(`../export/${path}`, import.meta.url));

/** One script that needs nothing else, as it may stand within an element of a page. */
async function bundled(entry: string): Promise<string> {
  const bundle = await rolldown({ input: built(entry), platform: "browser", logLevel: "warn" });
  try {
    const { output } = await bundle.generate({ format: "iife", minify: true, comments: false });
    const [{ code }, ...others] = output;
    if (others.length > 0) throw new Error(`${entry} comes to more than one file.`);
    if (/<\/script|<!--/i.test(code)) throw new Error(`${entry} can't stand inside its element.`);
    return code.trim();
  } finally {
    await bundle.close();
  }
}

const pageScript = await bundled("page/page-program.js");
const values = {
  pageScript,
  workerScript: await bundled("page/worker/page-worker.js"),
  pageScriptDigest: createHash("sha256").update(pageScript).digest("base64"),
};
const lines = Object.entries(values).map(
  ([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`,
);
writeFileSync(built("html/page-bundle.js"), lines.join(""));
