import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readResults } from "#heddle/reproduction/results/read-results.js";
import { auditCopiesSection, auditSection } from "./audit.js";
import {
  benchClaimSection,
  benchFiguresSection,
  benchInferenceSection,
  benchSection,
  benchTrainingSection,
} from "./bench.js";
import { benchRowsSection } from "./bench-rows.js";
import { dataKindsSection, unreadKindsSection } from "./data-kinds.js";
import { designsSection } from "./designs.js";
import { onnxExportSection, safetensorsExportSection } from "./exports.js";
import { fastPathsSection } from "./fast-paths.js";
import { gradientsSection } from "./gradients.js";
import { memorySection } from "./memory.js";
import { networksSection } from "./networks.js";
import { onnxConformanceSection } from "./onnx-conformance.js";
import {
  augmentationSection,
  dataOptionsSection,
  layersSection,
  optimizersSection,
  schedulesSection,
  serveOptionsSection,
  viewsSection,
} from "./options.js";
import { pageRivalSection } from "./page-rival.js";
import { photosSection } from "./photos.js";
import { pictureSection, updatePictures } from "./pictures.js";
import { updateRecipes } from "./recipe-figures.js";
import {
  recipeAblationsSection,
  recipeAnchorsSection,
  recipesSection,
  recipesTriedSection,
} from "./recipes.js";
import { recipesPictureSection, updateRecipesPicture } from "./recipes-picture.js";
import {
  reproducingDocument,
  reproductionFolder,
  reproductionSections,
  updateReproduction,
  updateReproductionPage,
} from "./reproduction.js";
import type { Section } from "./results.js";
import { rivalsJavascriptSection } from "./rivals-javascript.js";
import { scalingSection } from "./scaling.js";
import { serveSection } from "./serve.js";
import { sharesSection } from "./shares.js";
import { systemsSection } from "./systems.js";
import { tileErrorsSection } from "./tile-errors.js";
import { sweepSpecSection, transcriptSection } from "./transcript.js";

/** The sections but for the reproduction's, by name. */
const otherSections: Readonly<Record<string, Section>> = {
  "audit-copies": auditCopiesSection,
  "audit-fashion-mnist": auditSection,
  augmentation: augmentationSection,
  bench: benchSection,
  "bench-claim": benchClaimSection,
  "bench-figures": benchFiguresSection,
  "bench-inference": benchInferenceSection,
  "bench-roofline": pictureSection("roofline"),
  "bench-rows": benchRowsSection,
  "bench-step": pictureSection("step"),
  "bench-training": benchTrainingSection,
  "data-kinds": dataKindsSection,
  "data-options": dataOptionsSection,
  designs: designsSection,
  "fast-paths": fastPathsSection,
  "tile-errors": tileErrorsSection,
  gradients: gradientsSection,
  layers: layersSection,
  memory: memorySection,
  networks: networksSection,
  "onnx-conformance": onnxConformanceSection,
  "onnx-export": onnxExportSection,
  photos: photosSection,
  "page-rival": pageRivalSection,
  optimizers: optimizersSection,
  "processor-shares": sharesSection,
  recipes: recipesSection,
  "recipes-ablations": recipeAblationsSection,
  "recipes-anchors": recipeAnchorsSection,
  "recipes-picture": recipesPictureSection,
  "recipes-tried": recipesTriedSection,
  "rivals-js": rivalsJavascriptSection,
  "safetensors-export": safetensorsExportSection,
  scaling: scalingSection,
  serve: serveSection,
  "serve-options": serveOptionsSection,
  schedules: schedulesSection,
  "sweep-spec": sweepSpecSection,
  "sweep-transcript": transcriptSection("sweep"),
  systems: systemsSection,
  transcript: transcriptSection("start"),
  "unread-kinds": unreadKindsSection,
  views: viewsSection,
};

const marker = /<!-- generated: (?<name>[^ ]*) -->\n(?<body>.*?)<!-- \/generated -->/gs;

function filled(file: string, text: string, sections: Readonly<Record<string, Section>>): string {
  const opened = text.match(/<!-- generated:/g)?.length ?? 0;
  const closed = text.match(/<!-- \/generated -->/g)?.length ?? 0;
  if (opened !== closed)
    throw new Error(`${file} opens ${opened} generated parts and closes ${closed}: mend its markers.`);
  const root = file.startsWith("docs") ? "../" : "";
  return text.replace(marker, (_, name: string) => {
    if (!Object.hasOwn(sections, name))
      throw new Error(
        `${file} asks for "${name}"; the generated parts are ${Object.keys(sections).sort().join(", ")}.`,
      );
    return `<!-- generated: ${name} -->\n${sections[name](root)}\n<!-- /generated -->`;
  });
}

/** Written whole from the article of the reproduction. */
const reproducing = join("docs", "reproducing.md");

/** What of the documents and their pictures, in the current folder, isn't what results/ and the definitions say. */
async function updateAll(check: boolean): Promise<readonly string[]> {
  const pages = existsSync("docs") ? readdirSync("docs").map((name) => join("docs", name)) : [];
  const files = ["README.md", ...pages.filter((name) => name.endsWith(".md"))];
  const results = await readResults(reproductionFolder);
  const sections = { ...otherSections, ...reproductionSections(results) };
  const pictures = [
    ...updatePictures(check),
    ...updateReproduction(results, check),
    ...(await updateReproductionPage(results, check)),
    ...updateRecipesPicture(results, check),
    ...updateRecipes(check),
  ];
  const texts = files.filter((file) => {
    const text = readFileSync(file, "utf8");
    const wanted = file === reproducing ? reproducingDocument(results) : filled(file, text, sections);
    if (wanted === text) return false;
    if (!check) writeFileSync(file, wanted);
    return true;
  });
  return [...pictures, ...texts];
}

/** Writes what differs, or with `check` only names it; gives the exit code and what is to be printed. */
export async function generateDocuments(check: boolean): Promise<{ code: number; output: string }> {
  const stale = await updateAll(check);
  const lines = stale.map((file) =>
    check ? `${file} differs from results/ or the definitions.` : `${file} written.`,
  );
  const fails = check && stale.length > 0;
  if (fails) lines.push("Write it anew with `npm run docs`.");
  return { code: fails ? 1 : 0, output: lines.map((line) => `${line}\n`).join("") };
}
