import { counted, plural } from "../../core/words.js";
import type { Receipt } from "../../run/receipt/receipt.js";
import type { RunRecord } from "../../run/run-record.js";
import type { ExportSource } from "../export-source.js";
import { preparationWords } from "../preparation-words.js";
import { dataTitle } from "./front-matter.js";
import { markdownText, sections } from "./markdown.js";

/** As many names as are read. */
const mostNames = 200;

/** What it was trained and judged on. */
export function dataSection({ contents: { classNames, preparation }, run }: ExportSource): string {
  const others = classNames.length - mostNames;
  const names = classNames.slice(0, mostNames).map(markdownText).join(", ");
  return sections(
    "## Data",
    run ? imagesOf(run) : "What it was trained on isn't recorded in a model file.",
    `${plural(classNames.length, "class", "classes")}: ${names}${others > 0 ? ` and ${counted(others)} others` : ""}.`,
    preparation
      ? `How pictures become its images: ${preparationWords(preparation)}. They are scaled by a triangle filter without aliases, the right way up, over grey ${preparation.background} where they are transparent.`
      : "It was not trained on picture files, so how a picture should become its images isn't recorded.",
  );
}

function imagesOf({ config, environment = {}, evaluation, receipt }: RunRecord): string {
  const { trainImages, validationImages } = environment;
  const parts = [
    trainImages === undefined ? trainingPart(receipt) : `${counted(trainImages)} images trained`,
    ...(validationImages ? [`${counted(validationImages)} validated`] : []),
    ...(evaluation ? [`${counted(evaluation.n)} tested, at the end`] : []),
  ];
  const own = config.ownData ? ", handed over by a program" : "";
  return `${markdownText(dataTitle(config.data))}${own}: ${parts.join(", ")}.`;
}

/** A receipt has what was given: of a part without one of its own that validates, some may have done that. */
function trainingPart(receipt: Receipt | undefined): string {
  if (!receipt) return "how many images trained isn't recorded";
  const { train, validation } = receipt.data;
  const given = `${counted(train.count)} images were there to train`;
  return validation ? `${given}, ${counted(validation.count)} to validate` : `${given} and to validate`;
}
