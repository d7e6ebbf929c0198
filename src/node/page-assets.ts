import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { PageAssets } from "../report/page.js";

/** What pages carry within them, from where it is installed. */
export function pageAssets(): PageAssets {
  const echarts = createRequire(import.meta.url).resolve("echarts/dist/echarts.common.min.js");
  const pageScript = new URL("../report/browser/page-script.js", import.meta.url);
  return { echarts: readFileSync(echarts, "utf8"), pageScript: readFileSync(pageScript, "utf8") };
}
