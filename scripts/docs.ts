// Fills the parts of README.md and docs/*.md that stand between
//   <!-- generated: NAME -->  and  <!-- /generated -->
// from results/ and from the library's definitions, draws docs/pictures/ from the newest benchmarks, and writes the
// reproduction's tables, figures and article from its trials. Run in the repository's root: `npm run docs` writes, and with `-- --check` only compares.
import { generateDocuments } from "./docs/generate.js";

try {
  const { code, output } = await generateDocuments(process.argv.includes("--check"));
  process.stdout.write(output);
  process.exitCode = code;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
