// Fills the parts of README.md and docs/*.md that stand between
//   <!-- generated: NAME -->  and  <!-- /generated -->
// from results/, draws docs/pictures/ from the newest benchmarks, and writes the reproduction's tables and figures from
// its trials. Needs a build. Run in the repository's root: `node scripts/docs.mjs` writes, `--check` only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  benchFiguresSection,
  benchInferenceSection,
  benchSection,
  benchTrainingSection,
} from "./docs/bench.mjs";
import { benchRowsSection } from "./docs/bench-rows.mjs";
import { loadBuilt } from "./docs/built.mjs";
import { designsSection } from "./docs/designs.mjs";
import { fastPathsSection } from "./docs/fast-paths.mjs";
import { pictureSection, updatePictures } from "./docs/pictures.mjs";
import { protocolSearchSection } from "./docs/protocol-search.mjs";
import {
  loadReproduction,
  reproductionClaimsSection,
  reproductionCostSection,
  reproductionHeadlineSection,
  reproductionTablesSection,
  updateReproduction,
} from "./docs/reproduction.mjs";
import { rivalsJavascriptSection } from "./docs/rivals-javascript.mjs";
import { scalingSection } from "./docs/scaling.mjs";
import { transcriptSection } from "./docs/transcript.mjs";

/** Every section by name: what makes its Markdown, given the way from the page to the root. */
const sections = {
  bench: benchSection,
  "bench-figures": benchFiguresSection,
  "bench-inference": benchInferenceSection,
  "bench-roofline": pictureSection("roofline"),
  "bench-rows": benchRowsSection,
  "bench-step": pictureSection("step"),
  "bench-training": benchTrainingSection,
  designs: designsSection,
  "fast-paths": fastPathsSection,
  "protocol-search": protocolSearchSection,
  reproduction: reproductionHeadlineSection,
  "reproduction-claims": reproductionClaimsSection,
  "reproduction-cost": reproductionCostSection,
  "reproduction-tables": reproductionTablesSection,
  "rivals-js": rivalsJavascriptSection,
  scaling: scalingSection,
  transcript: transcriptSection,
};

const marker = /<!-- generated: (?<name>[^ ]*) -->\n(?<body>.*?)<!-- \/generated -->/gs;

function filled(file, text) {
  const opened = text.match(/<!-- generated:/g)?.length ?? 0;
  const closed = text.match(/<!-- \/generated -->/g)?.length ?? 0;
  if (opened !== closed)
    throw new Error(`${file} opens ${opened} generated parts and closes ${closed}: mend its markers.`);
  const root = file.startsWith("docs") ? "../" : "";
  return text.replace(marker, (_, name) => {
    if (!Object.hasOwn(sections, name))
      throw new Error(
        `${file} asks for "${name}"; the generated parts are ${Object.keys(sections).join(", ")}.`,
      );
    return `<!-- generated: ${name} -->\n${sections[name](root)}\n<!-- /generated -->`;
  });
}

const check = process.argv.includes("--check");
const pages = existsSync("docs") ? readdirSync("docs").map((name) => join("docs", name)) : [];
const files = ["README.md", ...pages.filter((name) => name.endsWith(".md"))];
try {
  await loadBuilt();
  await loadReproduction();
  const pictures = [...updatePictures(check), ...updateReproduction(check)];
  const texts = files.filter((file) => {
    const text = readFileSync(file, "utf8");
    const wanted = filled(file, text);
    if (wanted === text) return false;
    if (!check) writeFileSync(file, wanted);
    return true;
  });
  const stale = [...pictures, ...texts];
  for (const file of stale) console.log(check ? `${file} differs from results/.` : `${file} written.`);
  if (check && stale.length > 0) {
    console.log("Write it anew with `node scripts/docs.mjs`.");
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
