// The program of an exported page: takes pictures, has its worker name them, and shows what they are taken for.
import { messageOf } from "../../core/errors.js";
import type { CarriedModel } from "../html/carried-model.js";
import { Answer } from "./answer.js";
import { offerCamera } from "./camera.js";
import { element } from "./elements.js";
import { hasSimd } from "./simd.js";
import type { Reply, Request } from "./worker/messages.js";

/** As many pictures as a page takes and shows at once. */
const mostPictures = 100;

const state = element("state");
const answers = element("answers");
const textOf = (id: string): string => element(id).textContent ?? "";

function fail(message: string): void {
  const trouble = element("trouble");
  trouble.textContent = message;
  trouble.hidden = false;
  element("ways").hidden = true;
  state.hidden = true;
}

const noStart = (reason: string): string => `This page can't start here: ${reason}`;

/** What became of pictures. */
interface Done {
  readonly answered: number;
  readonly named: number;
  /** The last one in a line. */
  readonly last: readonly (string | Node)[];
}

const noneDone: Done = { answered: 0, named: 0, last: [] };

class Pictures {
  readonly #shown = new Map<number, Answer>();
  readonly #waiting = new Set<number>();
  /** Since nothing was to go. */
  #done: Done = noneDone;
  #count = 0;
  /** Stands until pictures come again. */
  #note = "";

  constructor(private readonly ask: (request: Request) => void) {}

  take(files: readonly File[]): void {
    const { length } = files;
    this.note(
      length > mostPictures
        ? `The first ${mostPictures} of ${length} pictures are taken: no more are shown at once. `
        : length === 0
          ? "There is no picture in that. "
          : "",
    );
    if (length === 0) return;
    const invert = document.querySelector<HTMLInputElement>("#invert")?.checked === true;
    const taken = files.slice(0, mostPictures).map((file) => {
      const id = this.#count++;
      const answer = new Answer(file.name, (image, classIndex) =>
        this.ask({ kind: "explain", id, image, classIndex }),
      );
      this.#shown.set(id, answer);
      this.#waiting.add(id);
      this.ask({ kind: "classify", id, file, invert });
      return answer.element;
    });
    answers.prepend(...taken);
    for (const [id, answer] of [...this.#shown].slice(0, -mostPictures)) {
      answer.element.remove();
      this.#shown.delete(id);
    }
    this.#tell();
  }

  note(words: string): void {
    if (this.#waiting.size === 0) this.#done = noneDone;
    this.#note = words;
    this.#tell();
  }

  hear(reply: Reply): void {
    if (reply.kind !== "ready" && reply.id !== undefined) {
      const answer = this.#shown.get(reply.id);
      answer?.hear(reply);
      if (!this.#waiting.delete(reply.id)) return;
      const { answered, named } = this.#done;
      this.#done = {
        answered: answered + 1,
        named: named + (reply.kind === "classified" ? 1 : 0),
        last: answer?.line ?? [],
      };
    }
    this.#tell();
  }

  /** In the status, which readers of the screen speak. */
  #tell(): void {
    state.replaceChildren(this.#note, ...this.#standing());
  }

  #standing(): readonly (string | Node)[] {
    if (this.#waiting.size > 0) return [`${this.#waiting.size} to go …`];
    const { answered, named, last } = this.#done;
    if (answered <= 1) return last;
    return [named === answered ? `${named} pictures named` : `${named} of ${answered} pictures named`];
  }
}

/** From disk a worker can be made of text alone. */
function startWorker(): Worker {
  const address = URL.createObjectURL(new Blob([textOf("worker")], { type: "text/javascript" }));
  const worker = new Worker(address);
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(noStart(event.message || "the browser allows no worker here."));
  });
  return worker;
}

function listen(pictures: Pictures): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[type=file]")) {
    input.addEventListener("change", () => {
      pictures.take([...(input.files ?? [])]);
      // The same file can be chosen again.
      input.value = "";
    });
  }
  const drop = element("drop");
  addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) drop.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    pictures.take([...(event.dataTransfer?.files ?? [])]);
  });
  addEventListener("paste", ({ clipboardData }) => pictures.take([...(clipboardData?.files ?? [])]));
}

/** @throws Error where the page was cut off or changed */
function carriedModel(): CarriedModel {
  try {
    return JSON.parse(textOf("model")) as CarriedModel;
  } catch {
    throw new Error("it was damaged or cut off. Use another copy of it.");
  }
}

/** What the browser lacks that the page can't do without; undefined where it lacks nothing. */
function lacking(): string | undefined {
  if (!hasSimd()) return "run the model: it has no WebAssembly with vectors (SIMD)";
  if (typeof OffscreenCanvas === "undefined" || !new OffscreenCanvas(1, 1).getContext("2d"))
    return "read pictures: it has no canvas beside the page (OffscreenCanvas)";
  return undefined;
}

/** @throws Error where the browser or the page's own text doesn't let it */
function start(): void {
  const what = lacking();
  if (what !== undefined) {
    fail(
      `This browser can't ${what}. Open the page in a newer one: Chrome or Edge 112, Firefox 111 or Safari 16.4, or later.`,
    );
    return;
  }
  const model = carriedModel();
  const worker = startWorker();
  const pictures = new Pictures((request) => worker.postMessage(request));
  worker.addEventListener("message", ({ data: reply }: MessageEvent<Reply>) => {
    if (reply.kind === "failed" && reply.id === undefined) fail(reply.message);
    pictures.hear(reply);
  });
  worker.postMessage({ kind: "open", model, weights: textOf("weights") } satisfies Request);
  listen(pictures);
  offerCamera(
    (picture) => pictures.take([picture]),
    (words) => pictures.note(words),
  );
  element("ways").hidden = false;
}

state.textContent = "Getting the model ready …";
try {
  start();
} catch (error) {
  fail(noStart(messageOf(error)));
}
