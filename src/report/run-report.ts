import { chosenImages } from "../core/data/chosen-images.js";
import type { Dataset } from "../core/data/dataset.js";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import { mixes } from "../core/data/mixing.js";
import { shapeSize } from "../core/layers/shape.js";
import { balancedAccuracy, hasUnevenClasses } from "../core/metrics/balanced-accuracy.js";
import { counted, figure, listed, percent } from "../core/words.js";
import { bestOf } from "../run/best-of.js";
import { epochsDone, stoppedEarly } from "../run/epochs-done.js";
import { knownModel } from "../run/known-model.js";
import type { RunRecord } from "../run/run-record.js";
import { calibration } from "./blocks/calibration.js";
import { classTable } from "./blocks/class-table.js";
import { confusionMatrix } from "./blocks/confusion-matrix.js";
import { accuracyCurves, learningRateCurves, lossCurves } from "./blocks/curves.js";
import { type ExplainImages, heatSection } from "./blocks/heat-figures.js";
import { mistakeTable } from "./blocks/mistake-table.js";
import {
  classPictures,
  leastSure,
  mistakes,
  type PictureFigure,
  pictureFigureHtml,
  type TestPictures,
} from "./blocks/picture-figures.js";
import { receiptsHtml } from "./blocks/receipts.js";
import { type PredictedRun, rocCurves } from "./blocks/roc-curves.js";
import { environmentTable, headlineTable, settingsTable } from "./blocks/run-tables.js";
import { chartHtml } from "./chart.js";
import { type Html, html } from "./html.js";
import { type Page, type PageAssets, type PageSection, renderPage } from "./page.js";
import { tableHtml } from "./table.js";

export interface RunReport {
  /** At least one; all judged on the same images. */
  readonly runs: readonly RunRecord[];
  /** What they were judged on, where any was; of its test images those are read that are shown. */
  readonly dataset?: Dataset;
  /** Explains images of a run of pictures, where there is one run: see `heatSection`. */
  readonly explain?: ExplainImages;
  /** What the test images are called, such as their files: [N]. */
  readonly imageNames?: readonly string[];
  /** The version of heddle that writes the page. */
  readonly version: string;
  readonly assets: PageAssets;
}

const isPredicted = (run: RunRecord): run is RunRecord & PredictedRun =>
  run.evaluation !== undefined && run.predictions !== undefined;

/** One or several runs as an article in one HTML file. */
export async function runReport(report: RunReport): Promise<string> {
  const { runs, dataset, version, assets } = report;
  const judged = runs.filter(isPredicted);
  const titles = [...new Set(runs.map(({ config }) => knownModel(config)?.title ?? config.model))];
  const page: Page = {
    title: `${listed(titles)} on ${dataName(dataset?.name ?? lastPart(runs[0].config.data))}`,
    subtitle:
      runs.length === 1
        ? `Run ${runs[0].name}`
        : `${runs.length} runs: ${listed(runs.map(({ name }) => name))}`,
    lead: leadOf(runs),
    sections: [
      ...(runs.some(({ evaluation }) => evaluation) ? [resultSection(runs)] : []),
      trainingSection(runs),
      ...(judged.length > 0 ? judgedSections(judged) : []),
      ...(judged.length > 0 && dataset ? await pictureSections(judged, dataset, report.imageNames) : []),
      ...(judged.length === 1 && dataset && report.explain
        ? await heatSection(judged[0], dataset, report.explain, report.imageNames)
        : []),
      settingsSection(runs),
      ...receiptSection(runs),
    ],
    footer: html`<p>Written by heddle ${version}. This page holds all it shows and asks nothing from any host. Charts are drawn by <a href="https://echarts.apache.org">Apache ECharts</a> (Apache License 2.0).</p>`,
  };
  return renderPage(page, assets);
}

/** A folder is called by its name. */
const dataName = (name: string): string => (name === fashionMnist ? "Fashion-MNIST" : name);

const lastPart = (path: string): string => path.split(/[\\/]/).findLast((part) => part !== "") ?? path;

/** What came out, in a sentence a run. */
function leadOf(runs: readonly RunRecord[]): Html {
  const words = runs.map(({ name, config, evaluation, history, unjudged }) => {
    const best = bestOf(history, config.earlyStopping);
    const validated = best && !Number.isNaN(best.validationAccuracy);
    const validation =
      validated && `${percent(best.validationAccuracy)} on the validation images in epoch ${best.epoch}`;
    const chosen = validated
      ? `its best epoch of ${epochsDone(history)}: ${validation}`
      : `its last epoch, ${best?.epoch ?? "unknown"}: no image validated`;
    if (evaluation) {
      return html`<p><b>${name}</b> classifies <b>${percent(evaluation.accuracy)}</b> of ${counted(evaluation.n)} test images right${hasUnevenClasses(evaluation) && html` (<b>${percent(balancedAccuracy(evaluation))}</b> where every class counts the same)`}, with a loss of ${figure(evaluation.loss)}. Its weights are those of ${chosen}.${stoppedEarly(config, history) && ` Training stopped early, after epoch ${epochsDone(history)} of ${config.epochs}.`}</p>`;
    }
    return html`<p><b>${name}</b> is not judged on the test images: ${unjudged ?? "its training has not ended."}${validation && html` So far it reaches ${validation}.`}</p>`;
  });
  const notes = runs.map(
    ({ name, note }) => note !== undefined && html`<p>Noted of ${name}: <q>${note}</q></p>`,
  );
  return html`${words}${notes}`;
}

function resultSection(runs: readonly RunRecord[]): PageSection {
  return {
    id: "result",
    title: runs.length === 1 ? "Result" : "Results side by side",
    body: tableHtml(headlineTable(runs)),
  };
}

function trainingSection(runs: readonly RunRecord[]): PageSection {
  const smoothed = runs.some(({ config }) => config.labelSmoothing > 0);
  const weighted = runs.some(({ config }) => config.classWeights);
  const mixed = runs.some(({ config }) => config.augmentation && mixes(config.augmentation));
  return {
    id: "training",
    title: "Training",
    body: html`<p>Solid lines are of the validation images, which no weight has learnt from; dashed ones are means over the training steps of each epoch, dropout and augmentation included where the run has them.${smoothed && " The training loss counts the label smoothing too, the validation loss is of plain labels: with smoothing the two can't be held against each other."}${weighted && " The training loss counts the class weights, the validation loss does not."}${mixed && " Where images are mixed with each other, the training loss is against their mixed targets, and the training accuracy counts the class of the greater share as the right one: both look worse than the validation's."}</p>
${[lossCurves(runs), accuracyCurves(runs), learningRateCurves(runs)].map(chartHtml)}`,
  };
}

/** A matrix of more is megabytes that nobody can look over. */
const mostClassesInMatrix = 150;

type JudgedRun = RunRecord & PredictedRun;

/** Each with what stands behind the ids of its figures. */
const numberedRuns = (judged: readonly JudgedRun[]) =>
  judged.map((run, index) => ({ run, behind: judged.length > 1 ? `-${index + 1}` : "" }));

function judgedSections(judged: readonly JudgedRun[]): PageSection[] {
  const numbered = numberedRuns(judged);
  // A great many classes have neither: every class against every other, or a curve a class.
  const withMatrix = numbered.filter(({ run }) => run.evaluation.confusion.length > 0);
  const withCurves = numbered.filter(({ run }) => run.evaluation.microAuc !== null);
  const sections: (PageSection | false)[] = [
    { id: "by-class", title: "Class by class", body: tableHtml(classTable(judged)) },
    withMatrix.length > 0 && {
      id: "confusions",
      title: "What is taken for what",
      body: html`${withMatrix.map(({ run, behind }) => {
        const id = `confusion${behind}`;
        return run.evaluation.classes.length > mostClassesInMatrix
          ? tableHtml(mistakeTable(run, id))
          : confusionMatrix(run, id);
      })}`,
    },
    withCurves.length > 0 && {
      id: "roc-curves",
      title: "ROC curves",
      body: html`<p>Every curve is thinned to at most 200 points: those that lie farthest from the straight lines between their neighbours stay. The areas are those of the whole curves.</p>
${withCurves.map(({ run, behind }) => chartHtml(rocCurves(run, `roc${behind}`)))}`,
    },
    {
      id: "confidence",
      title: "Confidence",
      body: html`<p>A well calibrated model is right in 80 % of the images that it judges with a probability of 0.8. Below the line it is too sure of itself, above it not sure enough.</p>
${chartHtml(calibration(judged))}`,
    },
  ];
  return sections.filter((section) => section !== false);
}

/** Test images with what each run says of them; of several runs no pictures of each class. */
async function pictureSections(
  judged: readonly JudgedRun[],
  { test, imageShape }: Dataset,
  names?: readonly string[],
): Promise<PageSection[]> {
  const numbered = numberedRuns(judged);
  const wrong = numbered.map(({ run, behind }) => ({
    run,
    figures: [mistakes(run, imageShape, `mistakes-pictures${behind}`)],
  }));
  const unsure = numbered.map(({ run, behind }) => ({
    run,
    figures: [leastSure(run, imageShape, `least-sure-pictures${behind}`)],
  }));
  const byClass = judged.length === 1 ? [{ run: judged[0], figures: classPictures(judged[0]) }] : [];
  const all = [...wrong, ...unsure, ...byClass].flatMap(({ figures }) => figures);
  const pictures = { imageShape, names, pixels: await pixelsOf(all, test, imageShape) };
  const withoutMistakes = wrong.filter(({ figures: [{ shown }] }) => shown.length === 0);
  const sections: PageSection[] = [
    {
      id: "mistakes",
      title: "The most confident mistakes",
      body: html`${withoutMistakes.map(({ run }) => html`<p>${run.name} makes no mistake on the test images.</p>`)}${figuresHtml(wrong, pictures)}`,
    },
    { id: "least-sure", title: "Where it is least sure", body: figuresHtml(unsure, pictures) },
    {
      id: "pictures-by-class",
      title: "Pictures of each class",
      body: html`<p>Those come first of which least are rightly named: of each the surest that are, then the surest that are not.</p>
${figuresHtml(byClass, pictures)}`,
    },
  ];
  return sections.filter(({ id }) => id !== "pictures-by-class" || byClass.length > 0);
}

/** The bytes of all that is shown, each read once. */
async function pixelsOf(
  figures: readonly PictureFigure[],
  { images }: Dataset["test"],
  imageShape: Dataset["imageShape"],
): Promise<TestPictures["pixels"]> {
  const shown = new Set(figures.flatMap(({ shown }) => shown.map(({ image }) => image)));
  const indices = Uint32Array.from(shown).sort();
  const bytes = await chosenImages(images, imageShape, indices);
  const size = shapeSize(imageShape);
  return new Map(
    Array.from(indices, (image, place) => [image, bytes.subarray(place * size, (place + 1) * size)]),
  );
}

const figuresHtml = (
  ofRuns: readonly { readonly run: JudgedRun; readonly figures: readonly PictureFigure[] }[],
  pictures: TestPictures,
): Html =>
  html`${ofRuns.flatMap(({ run, figures }) => figures.filter(({ shown }) => shown.length > 0).map((each) => pictureFigureHtml(run, each, pictures)))}`;

function settingsSection(runs: readonly RunRecord[]): PageSection {
  return {
    id: "how",
    title: "How it was trained",
    body: html`${tableHtml(settingsTable(runs))}${tableHtml(environmentTable(runs))}`,
  };
}

function receiptSection(runs: readonly RunRecord[]): PageSection[] {
  const body = receiptsHtml(runs);
  return body ? [{ id: "receipt", title: "How to check it", body }] : [];
}
