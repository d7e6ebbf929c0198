import { type HeatMap, heatPicture } from "../../report/heat-picture.js";
import type { Classified, Preview, Reply } from "./worker/messages.js";

type Ask = (image: Uint8Array, classIndex: number) => void;

/** An element with a class and what stands in it; text stays text. */
function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.append(...content);
  return element;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}\u00a0%`;

/** One picture, what it is taken for, and where that is seen. */
export class Answer {
  readonly element: HTMLLIElement;
  readonly #body = made("div", "body", made("p", "muted", "Waiting …"));
  readonly #canvas = made("canvas", "");
  #classified: Classified | undefined;
  #heat: Uint8ClampedArray<ArrayBuffer> | undefined;
  #button: HTMLButtonElement | undefined;

  /** @param ask asks for the heat of a class in an image */
  constructor(
    name: string,
    private readonly ask: Ask,
  ) {
    this.#canvas.hidden = true;
    const file = made("p", "file muted", name);
    this.element = made("li", "answer", this.#canvas, made("div", "words", file, this.#body));
  }

  hear(reply: Exclude<Reply, { kind: "ready" }>): void {
    if (reply.kind === "classified") this.#show(reply);
    else if (reply.kind === "explained") this.#showHeat(reply.heat);
    else this.#fail(reply.message);
  }

  #fail(message: string): void {
    const words = made("p", "bad", message);
    if (this.#button) this.#button.replaceWith(words);
    else this.#body.replaceChildren(words);
  }

  #show(classified: Classified): void {
    this.#classified = classified;
    const { preview, classification } = classified;
    const { predictions, unsure } = classification;
    this.#canvas.width = preview.width;
    this.#canvas.height = preview.height;
    this.#canvas.hidden = false;
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", `The picture, as the model sees it: ${predictions[0].className}`);
    this.#draw(preview.data);
    const verdict = made("h2", "", predictions[0].className);
    if (unsure) verdict.append(" ", made("span", "unsure", "unsure"));
    const rows = predictions.map(({ className, probability }) => {
      const value = made("data", "number", percent(probability));
      value.value = String(probability);
      const bar = made("span", "bar");
      bar.style.setProperty("--share", `${100 * probability}%`);
      return made("li", "", made("span", "name", className), value, bar);
    });
    this.#button = made("button", "heat", "Where it sees that");
    this.#button.type = "button";
    this.#button.setAttribute("aria-pressed", "false");
    this.#button.addEventListener("click", () => this.#toggle());
    this.#body.replaceChildren(verdict, made("ol", "shares", ...rows), this.#button);
  }

  #toggle(): void {
    const { image, classification, preview } = this.#classified!;
    const button = this.#button!;
    if (button.getAttribute("aria-pressed") === "true") {
      button.setAttribute("aria-pressed", "false");
      this.#draw(preview.data);
    } else if (this.#heat) {
      button.setAttribute("aria-pressed", "true");
      this.#draw(this.#heat);
    } else {
      button.disabled = true;
      this.ask(image, classification.predictions[0].label);
    }
  }

  #showHeat(heat: HeatMap): void {
    const { preview } = this.#classified!;
    this.#heat = heated(preview, heat);
    this.#button!.disabled = false;
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
