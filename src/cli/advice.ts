import { messageOf } from "../core/errors.js";
import { timmArchitectures } from "../core/models/index.js";
import { ValidationError } from "../core/training/validation-error.js";
import { listed } from "../core/words.js";
import { SeveralKindsError } from "../node/data/kind-names.js";
import { SkippedPicturesError } from "../node/pictures/picture-error.js";
import { ImportError, type ImportErrorCode } from "../onnx/import-error.js";
import { RunError, type RunErrorCode } from "../run/run-error.js";
import { OpenServerError } from "../serve/serve-error.js";
import { StudyError, type StudyErrorCode } from "../study/study-error.js";
import { shellPath } from "./shell-word.js";

const ofRuns: Readonly<Record<RunErrorCode, (run: string) => string>> = {
  noRun: () => "`heddle runs` lists the runs that there are.",
  finished: (run) => `To see more, \`heddle evaluate ${run}\`.`,
  judgementDamaged: (run) => `\`heddle evaluate ${run}\` does.`,
  brokenOff: (run) => `\`heddle train --resume ${run}\` goes on from there.`,
  otherArithmetic: (run) => `\`heddle evaluate ${run}\` judges it, \`heddle report ${run}\` shows it.`,
  otherImages: () => "--data names it.",
  otherTestImages: () => "--data names other images to judge it on.",
  imagesMoved: () => "--data of train --resume, evaluate, report and verify says it.",
  imagesNeeded: () => "The program that trained it has them; a folder of the same images is named by --data.",
  notRepeatable: () => "`heddle evaluate` judges a run of any arithmetic, from its folder.",
  firstNeeded: () => "--from names it.",
  teacherNeeded: () => "--teacher names it.",
  notInterrupted: () => "--weights names them: best or last.",
};

const ofImports: Readonly<Record<ImportErrorCode, string>> = {
  normalization: "--normalization names it, --mean and --deviation give it.",
  imageSize: "--image-size gives it.",
  architecture: `--architecture says it: ${listed(timmArchitectures, "or")}.`,
};

const ofStudies: Readonly<Record<StudyErrorCode, string>> = {
  folder: "--out names the folder.",
  otherData: "--data names the data, --out the folder.",
};

const ofValidation =
  "A recipe's validationShare is in its file: `heddle recipes NAME > mine.yaml` writes one to change, and --recipe mine.yaml takes it.";

/** Options of the library that flags give by another name. */
const ofOptions: readonly (readonly [told: RegExp, advice: string])[] = [
  [/^fit: classWeights /u, "--class-weights gives them."],
  [
    /^compile: parameterGroups(\[\d+\](, .* has no tensor of its own| matches no)| freeze all)/u,
    "They are of --freeze, or a recipe's.",
  ],
];

/** What to type after a failure: below the command line nobody knows its commands and options. */
export function adviceAfter(error: unknown): string | undefined {
  if (error instanceof RunError) return ofRuns[error.code](shellPath(error.run));
  if (error instanceof ImportError) return ofImports[error.code];
  if (error instanceof OpenServerError) return "--token-file or --token give one, --no-token leaves it open.";
  if (error instanceof SeveralKindsError) return "--data-kind says it.";
  if (error instanceof SkippedPicturesError) return "--skip-unreadable says how many may be.";
  if (error instanceof ValidationError) return ofValidation;
  if (error instanceof StudyError) return ofStudies[error.code];
  return ofOptions.find(([told]) => told.test(messageOf(error)))?.[1];
}
