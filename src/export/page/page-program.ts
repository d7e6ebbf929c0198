// The program of an exported page: takes pictures, has its worker name them, and shows what they are taken for.
import type { CarriedModel } from "../html/carried-model.js";
import { Answer } from "./answer.js";
import { offerCamera } from "./camera.js";
import { hasSimd } from "./simd.js";
import type { Reply, Request } from "./worker/messages.js";

/** As many pictures as a page takes and shows at once. */
const mostPictures = 100;

const element = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

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

class Pictures {
  readonly #shown = new Map<number, Answer>();
  readonly #waiting = new Set<number>();
  #count = 0;
  /** Stands until pictures come again. */
  #note = "";

  constructor(private readonly ask: (request: Request) => void) {}

  take(files: readonly File[]): void {
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
    const { length } = files;
    this.note(
      length > mostPictures
        ? `The first ${mostPictures} of ${length} pictures are taken: no more are shown at once. `
        : "",
    );
  }

  note(words: string): void {
    this.#note = words;
    this.#tell();
  }

  hear(reply: Reply): void {
    if (reply.kind !== "ready" && reply.id !== undefined) {
      this.#waiting.delete(reply.id);
      this.#shown.get(reply.id)?.hear(reply);
    }
    this.#tell();
  }

  #tell(): void {
    const words = this.#waiting.size === 0 ? "" : `${this.#waiting.size} to go …`;
    state.textContent = `${this.#note}${words}`;
  }
}

/** From disk a worker can be made of text alone. */
function startWorker(): Worker {
  const address = URL.createObjectURL(new Blob([textOf("worker")], { type: "text/javascript" }));
  const worker = new Worker(address);
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(`This page can't start in this browser: ${event.message || "it allows no worker here"}.`);
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

function start(): void {
  if (!hasSimd()) {
    fail(
      "This browser can't run the model: it has no WebAssembly with vectors (SIMD). Open the page in a newer one: Chrome or Edge 91, Firefox 89 or Safari 16.4, or later.",
    );
    return;
  }
  const worker = startWorker();
  const pictures = new Pictures((request) => worker.postMessage(request));
  worker.addEventListener("message", ({ data: reply }: MessageEvent<Reply>) => {
    if (reply.kind === "failed" && reply.id === undefined) fail(reply.message);
    pictures.hear(reply);
  });
  const model = JSON.parse(textOf("model")) as CarriedModel;
  worker.postMessage({ kind: "open", model, weights: textOf("weights") } satisfies Request);
  listen(pictures);
  offerCamera(
    (picture) => pictures.take([picture]),
    (words) => pictures.note(words),
  );
  element("ways").hidden = false;
}

start();
