import { percent } from "../../core/words.js";
import { type HeatMap, heatPicture } from "../../report/heat-picture.js";
import { isBusy, isolated, made, setBusy } from "./elements.js";
import type { Classified, Preview, Reply, Verdict } from "./worker/messages.js";

type Ask = (image: Uint8Array, classIndex: number) => void;

const unbroken = (share: number): string => percent(share, 1).replace(" ", "\u00a0");

/** What it is, or all that it is; of labels it may have none. */
const headline = ({ labels }: Verdict): (string | Node)[] =>
  labels.length === 0
    ? ["none of them"]
    : labels.flatMap(({ className }, index) => [...(index > 0 ? [", "] : []), isolated(className)]);

/** One picture, what it is taken for, and where that is seen. */
export class Answer {
  readonly element: HTMLLIElement;
  readonly #body = made("div", "body", made("p", "muted", "Waiting …"));
  readonly #canvas = made("canvas", "");
  #classified: Classified | undefined;
  #heat: Uint8ClampedArray<ArrayBuffer> | undefined;
  #button: HTMLButtonElement | undefined;
  #failure = "";

  /** @param ask asks for the heat of a class in an image */
  constructor(
    private readonly name: string,
    private readonly ask: Ask,
  ) {
    this.#canvas.hidden = true;
    const file = made("p", "file muted", isolated(name));
    this.element = made("li", "answer", this.#canvas, made("div", "words", file, this.#body));
  }

  /** The picture and what it is taken for, or why it can't be, in a line. */
  get line(): readonly (string | Node)[] {
    if (!this.#classified) return [isolated(this.name), ": ", this.#failure];
    const { verdict } = this.#classified;
    return [isolated(this.name), ": ", ...headline(verdict), ...(verdict.unsure ? [", unsure"] : [])];
  }

  hear(reply: Exclude<Reply, { kind: "ready" }>): void {
    if (reply.kind === "classified") this.#show(reply);
    else if (reply.kind === "explained") this.#showHeat(reply.heat);
    else this.#fail(reply.message);
  }

  #fail(message: string): void {
    const words = made("p", "bad", message);
    if (!this.#button) {
      this.#failure = message;
      this.#body.replaceChildren(words);
      return;
    }
    const hadFocus = document.activeElement === this.#button;
    this.#button.replaceWith(words);
    words.tabIndex = -1;
    if (hadFocus) words.focus();
  }

  #show(classified: Classified): void {
    this.#classified = classified;
    const { preview, verdict } = classified;
    const { labels, predictions, unsure } = verdict;
    const title = made("h2", "", ...headline(verdict));
    this.#canvas.width = preview.width;
    this.#canvas.height = preview.height;
    this.#canvas.hidden = false;
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", `The picture, as the model sees it: ${title.textContent}`);
    this.#draw(preview.data);
    if (unsure) title.append(" ", made("span", "unsure", "unsure"));
    const rows = predictions.map(({ className, probability }) => {
      const value = made("data", "number", unbroken(probability));
      value.value = String(probability);
      const bar = made("span", "bar");
      bar.style.setProperty("--share", `${100 * probability}%`);
      return made("li", "", isolated(className, "name"), value, bar);
    });
    const what = labels.length === 1 ? "that" : isolated(predictions[0].className);
    this.#button = made("button", "heat", "Where it sees ", what);
    this.#button.type = "button";
    this.#button.setAttribute("aria-pressed", "false");
    this.#button.addEventListener("click", () => this.#toggle());
    this.#body.replaceChildren(title, made("ol", "shares", ...rows), this.#button);
  }

  #toggle(): void {
    const { image, verdict, preview } = this.#classified!;
    const button = this.#button!;
    if (isBusy(button)) return;
    if (button.getAttribute("aria-pressed") === "true") {
      button.setAttribute("aria-pressed", "false");
      this.#draw(preview.data);
    } else if (this.#heat) {
      button.setAttribute("aria-pressed", "true");
      this.#draw(this.#heat);
    } else {
      setBusy(button, true);
      this.ask(image, verdict.predictions[0].label);
    }
  }

  #showHeat(heat: HeatMap): void {
    const { preview } = this.#classified!;
    this.#heat = heated(preview, heat);
    setBusy(this.#button!, false);
    this.#button!.setAttribute("aria-pressed", "true");
    this.#draw(this.#heat);
  }

  #draw(data: Uint8ClampedArray<ArrayBuffer>): void {
    const { width, height } = this.#canvas;
    this.#canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  }
}

/** A preview with heat laid over it. */
function heated({ width, height, data }: Preview, heat: HeatMap): Uint8ClampedArray<ArrayBuffer> {
  const colours = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) colours[pixel * 3 + channel] = data[pixel * 4 + channel];
  }
  const over = heatPicture(colours, [height, width, 3], heat);
  const shown = new Uint8ClampedArray(data);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) shown[pixel * 4 + channel] = over[pixel * 3 + channel];
  }
  return shown;
}
