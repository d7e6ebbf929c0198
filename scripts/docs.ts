// Fills the parts of README.md and docs/*.md that stand between
//   <!-- generated: NAME -->  and  <!-- /generated -->
// from results/ and from the library's definitions, draws docs/pictures/ from the newest benchmarks, and writes the
// reproduction's tables, figures and article from its trials. Run in the repository's root: `npm run docs` writes, and with `-- --check` only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readResults } from "#heddle/reproduction/results/read-results.js";
import { auditCopiesSection, auditSection } from "./docs/audit.js";
import {
  benchClaimSection,
  benchFiguresSection,
  benchInferenceSection,
  benchSection,
  benchTrainingSection,
  systemsSection,
} from "./docs/bench.js";
import { benchRowsSection } from "./docs/bench-rows.js";
import { dataKindsSection, unreadKindsSection } from "./docs/data-kinds.js";
import { designsSection } from "./docs/designs.js";
import { onnxExportSection, safetensorsExportSection } from "./docs/exports.js";
import { fastPathsSection } from "./docs/fast-paths.js";
import { gradientsSection } from "./docs/gradients.js";
import { memorySection } from "./docs/memory.js";
import { networksSection } from "./docs/networks.js";
import { onnxConformanceSection } from "./docs/onnx-conformance.js";
import {
  augmentationSection,
  dataOptionsSection,
  layersSection,
  optimizersSection,
  schedulesSection,
  serveOptionsSection,
  viewsSection,
} from "./docs/options.js";
import { pageRivalSection } from "./docs/page-rival.js";
import { photosSection } from "./docs/photos.js";
import { pictureSection, updatePictures } from "./docs/pictures.js";
import { updateRecipes } from "./docs/recipe-figures.js";
import {
  recipeAblationsSection,
  recipeAnchorsSection,
  recipesSection,
  recipesTriedSection,
} from "./docs/recipes.js";
import { recipesPictureSection, updateRecipesPicture } from "./docs/recipes-picture.js";
import {
  reproducingDocument,
  reproductionFolder,
  reproductionSections,
  updateReproduction,
} from "./docs/reproduction.js";
import type { Section } from "./docs/results.js";
import { rivalsJavascriptSection } from "./docs/rivals-javascript.js";
import { scalingSection } from "./docs/scaling.js";
import { serveSection } from "./docs/serve.js";
import { sharesSection } from "./docs/shares.js";
import { tileErrorsSection } from "./docs/tile-errors.js";
import { sweepSpecSection, transcriptSection } from "./docs/transcript.js";

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

const check = process.argv.includes("--check");
const pages = existsSync("docs") ? readdirSync("docs").map((name) => join("docs", name)) : [];
const files = ["README.md", ...pages.filter((name) => name.endsWith(".md"))];
try {
  const results = await readResults(reproductionFolder);
  const sections = { ...otherSections, ...reproductionSections(results) };
  const pictures = [
    ...updatePictures(check),
    ...updateReproduction(results, check),
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
  const stale = [...pictures, ...texts];
  for (const file of stale)
    console.log(check ? `${file} differs from results/ or the definitions.` : `${file} written.`);
  if (check && stale.length > 0) {
    console.log("Write it anew with `npm run docs`.");
    process.exitCode = 1;
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
