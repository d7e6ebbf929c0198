import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bench, machineOf, newestOfEachKind, type Section } from "./results.js";
import { rooflinePicture } from "./roofline-picture.js";
import { stepPicture } from "./step-picture.js";

const folder = join("docs", "pictures");

/** A picture of a bench; undefined where the bench lacks what it shows. */
type Draw = (bench: Bench) => string | undefined;

/** Every picture that is drawn from a bench, by the beginning of its name. */
const pictures = {
  step: { draw: stepPicture, words: "Milliseconds a training step of the Proposed CNN, heddle and others" },
  roofline: { draw: rooflinePicture, words: "Each kernel against the multiply-add rate and the memory's" },
} satisfies Record<string, { readonly draw: Draw; readonly words: string }>;

/** File name → SVG: the pictures that results/ has the figures for. */
function drawnPictures(): ReadonlyMap<string, string> {
  const drawn = new Map<string, string>();
  for (const bench of newestOfEachKind())
    for (const [name, { draw }] of Object.entries(pictures)) {
      const content = draw(bench);
      if (content) drawn.set(`${name}-${bench.kind}.svg`, content);
    }
  return drawn;
}

/** Writes the pictures, or only compares (`check`). @returns the files that differ */
export function updatePictures(check: boolean): readonly string[] {
  const wanted = drawnPictures();
  const own = new RegExp(`^(${Object.keys(pictures).join("|")})-.*\\.svg$`);
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => own.test(name)) : [];
  return [...new Set([...wanted.keys(), ...there])].sort().flatMap((name) => {
    const file = join(folder, name);
    const content = wanted.get(name);
    if (content && existsSync(file) && readFileSync(file, "utf8") === content) return [];
    if (!check && content) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, content);
    } else if (!check) rmSync(file);
    return [file];
  });
}

/** The Markdown of one kind of picture, for each kind of processor. */
export const pictureSection =
  (name: keyof typeof pictures): Section =>
  (root) =>
    newestOfEachKind()
      .filter((bench) => pictures[name].draw(bench))
      .map(
        (bench) =>
          `![${pictures[name].words}, on ${machineOf(bench)}](${root}docs/pictures/${name}-${bench.kind}.svg)`,
      )
      .join("\n\n") || "_Not measured yet: `npm run bench` writes the figures._";
