import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { describe, it } from "node:test";
import { compileProject, makeProject } from "./project.js";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const entries = Object.keys(manifest.exports)
  .filter((path) => path !== "./package.json")
  .map((path) => path.replace(/^\./, "heddle"));

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));

/** Exports once more what an entry exports: of a function what it gives, whose type the compiler has to name. */
async function passedOn(entry: string, index: number): Promise<string> {
  const names = Object.entries<unknown>(await import(entry)).map(([name, value]) => {
    const whole = `all${index}.${name}`;
    if (typeof value !== "function" || isClass(value)) return `export const ${name}${index} = ${whole};`;
    return `export const ${name}${index} = (...given: Parameters<typeof ${whole}>) => ${whole}(...given);`;
  });
  return [`import * as all${index} from "${entry}";`, ...names].join("\n");
}

const options = `
import { conv2d, cosineDecay, type Dataset, flatten, loadDataset, sequential, sgd, type SgdConfig } from "heddle";

declare const dataset: Dataset;
declare const number: number | undefined;
declare const signal: AbortSignal | undefined;
export const layer = conv2d({ filters: 3, kernelSize: 3, groups: number, padding: { top: number } });
export const model = sequential([layer, flatten({ name: undefined })], { inputShape: [3, 3, 1], seed: number });
model.compile({ optimizer: sgd({ nesterov: undefined }), threads: number });
model.compile({ optimizer: { name: "adam", beta1: number }, schedule: cosineDecay({ warmup: number }) });
export const history = model.fit(
  { ...dataset, validation: undefined },
  { epochs: number, signal, earlyStopping: undefined, callbacks: [{ onEpoch: undefined }] },
);
export const loaded = loadDataset("photos", { signal, resize: undefined, testShare: number });
// What is settled is never undefined.
export const momentum: number = ({} as SgdConfig).momentum;
export const size: readonly [number, number] = layer.options.kernelSize;
`;

describe("a project with strict settings", () => {
  const programs: readonly [string, () => Promise<string> | string][] = [
    [
      "can export whatever the library gives",
      async () => (await Promise.all(entries.map(passedOn))).join("\n"),
    ],
    ["may give undefined for what may be left out", () => options],
  ];
  for (const [what, program] of programs) {
    it(what, async () => {
      const folder = await makeProject(await program());
      try {
        assert.equal(await compileProject(folder), "");
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
