import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { preparationFor } from "../../core/data/pictures/usual-preparation.js";
import type { ModelContents } from "../../core/formats/model-file.js";
import { usualLoss } from "../../core/loss.js";
import type { Calibration } from "../../core/metrics/calibrate.js";
import { counted, percent, plural, wantedPercent } from "../../core/words.js";
import { base64 } from "../../report/base64.js";
import { type Html, type HtmlValue, html, jsonForScript, trustedHtml } from "../../report/html.js";
import { pageStyle } from "../../report/style.js";
import type { ExportSource } from "../export-source.js";
import { preparationWords } from "../preparation-words.js";
import { carriedModel } from "./carried-model.js";
import { classifierStyle } from "./classifier-style.js";
import type * as bundle from "./page-bundle.js";

/**
 * Nothing but the page's own script runs, and what that starts; and neither may ask anybody for anything, so that no
 * picture can leave the page.
 */
const policy = (digest: string): string =>
  [
    "default-src 'none'",
    `script-src 'sha256-${digest}' 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/**
 * A page that names pictures by itself: one HTML file that holds the model and all that runs it.
 *
 * @param halfPrecision whether kernels are rounded to float16
 * @throws HeddleError on a model whose images no picture becomes
 */
export function classifierPage(
  { name, contents, digest }: ExportSource,
  halfPrecision: boolean,
  { pageScript, workerScript, pageScriptDigest }: typeof bundle,
): string {
  const preparation = preparationFor(contents);
  const { model, weights } = carriedModel(name, contents, halfPrecision);
  const body = html`<div class="page">
<header>
<h1>${name}</h1>
<p class="subtitle">${subtitle(contents)} All of it happens in this page: no picture leaves your device.</p>
</header>
<main>
<p class="notice" id="trouble" role="alert" hidden></p>
<noscript><p class="notice">This page names pictures by a program of its own: allow JavaScript to use it.</p></noscript>
<div id="ways" hidden>
<label class="drop" id="drop"><input class="unseen" type="file" accept="image/*" multiple><strong>Choose pictures</strong><span>or drop or paste them here</span></label>
<label class="photo"><input class="unseen" type="file" accept="image/*" capture="environment"><strong>Take a photo</strong></label>
<button class="camera" id="camera" type="button" hidden>Use the camera</button>
<div class="view" id="camera-view" hidden><video id="camera-picture" muted playsinline aria-label="What the camera sees"></video><p><button class="camera" id="camera-take" type="button">Name this</button> <button class="camera" id="camera-close" type="button">Close the camera</button></p></div>
${
  !contents.preparation &&
  preparation.channels === 1 &&
  html`<label class="invert"><input type="checkbox" id="invert"> Light and dark change places: for a model of light things on a dark ground</label>`
}
</div>
<p id="state" class="muted" role="status">This page is loading … If it stays so, it was cut off, or its program isn’t allowed here: save the page, and open it from disk.</p>
<ol id="answers"></ol>
<section aria-labelledby="about">
<h2 id="about">About this model</h2>
${facts(contents, preparation, halfPrecision)}
</section>
</main>
<footer>Made with heddle of the model <code>${digest}</code></footer>
</div>
${dataBlock("model", "application/json", jsonForScript(model))}
${dataBlock("weights", "text/plain", trustedHtml(base64(weights)))}
${dataBlock("worker", "text/plain", trustedHtml(workerScript))}
<script>${trustedHtml(pageScript)}</script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(pageScriptDigest)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="heddle export">
<meta name="referrer" content="no-referrer">
${html`<title>${name}</title>`.html}
<link rel="icon" href="data:,">
<style>${pageStyle}${classifierStyle}</style>
<noscript><style>#state{display:none}</style></noscript>
</head>
<body>
${body.html}
</body>
</html>
`;
}

const dataBlock = (id: string, type: string, content: Html): Html =>
  html`<script type="${type}" id="${id}">${content}</script>`;

function subtitle({ classNames, loss = usualLoss }: ModelContents): string {
  const classes = plural(classNames.length, "class", "classes");
  return loss === usualLoss
    ? `Tells ${classes} of pictures apart.`
    : `Says of ${classes} how likely a picture has each.`;
}

/** As many names as are read. */
const mostNames = 40;

function facts(
  { classNames, calibration, preparation: known }: ModelContents,
  preparation: PicturePreparation,
  halfPrecision: boolean,
): Html {
  const others = classNames.length - mostNames;
  const names = [
    classNames.slice(0, mostNames).map((name, index) => html`${index > 0 && ", "}<bdi>${name}</bdi>`),
    others > 0 && ` and ${counted(others)} others`,
  ];
  const fact = (title: string, words: HtmlValue): HtmlValue =>
    words && html`<dt>${title}</dt><dd>${words}</dd>`;
  return html`<dl class="facts">
${fact("Classes", names)}
${fact("What it sees", `${preparationWords(preparation)}.${known ? "" : " How the pictures that it learned from were prepared isn't known: this is a guess."}`)}
${fact("Probabilities", calibration && calibrationWords(calibration))}
${fact("Precision", halfPrecision && "Kernels are rounded to 16 bits: probabilities are a little other than the model's own.")}
</dl>`;
}

function calibrationWords({ unsureBelow, goal, images }: Calibration): string {
  const found =
    images === 0
      ? "Calibrated by another training like its own."
      : `Calibrated on ${plural(images, "picture")} that it didn't learn from.`;
  const wanted = `${wantedPercent(goal)} of those that it is sure of`;
  if (unsureBelow === null) return found;
  if (unsureBelow === 0) return `${found} There ${wanted}, which were all, were right.`;
  if (unsureBelow === 1)
    return `${found} At no probability were ${wanted} right there, so every picture is called unsure.`;
  return `${found} Below ${percent(unsureBelow, 1)} a picture is called unsure: there ${wanted} were right.`;
}
