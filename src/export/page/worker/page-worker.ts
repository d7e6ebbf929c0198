// The worker in which an exported page names pictures, one after the other.
import { messageOf } from "../../../core/errors.js";
import { carriedContents } from "../../html/carried-model.js";
import { Classifier } from "./classifier.js";
import type { Reply, Request } from "./messages.js";
import { readPicture } from "./read-picture.js";

let opened: Promise<Classifier> | undefined;

async function open({ model, weights }: Extract<Request, { kind: "open" }>): Promise<Classifier> {
  return Classifier.open(carriedContents(model, bytesOfBase64(weights)));
}

function bytesOfBase64(text: string): Uint8Array {
  const digits = atob(text);
  const bytes = new Uint8Array(digits.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = digits.charCodeAt(at);
  return bytes;
}

async function answer(request: Request): Promise<Reply> {
  if (request.kind === "open") {
    opened = open(request);
    await opened;
    return { kind: "ready" };
  }
  if (!opened) throw new Error("The model comes first.");
  const classifier = await opened;
  const { id } = request;
  if (request.kind === "explain") {
    return { kind: "explained", id, heat: await classifier.explain(request.image, request.classIndex) };
  }
  const { image, preview } = await readPicture(request.file, classifier.preparation, request.invert);
  return { kind: "classified", id, image, preview, verdict: await classifier.classify(image) };
}

/** One at a time: several large pictures at once would need the memory of all of them. */
let turn: Promise<void> = Promise.resolve();

addEventListener("message", ({ data: request }: MessageEvent<Request>) => {
  turn = turn
    .then(() => answer(request))
    .catch((error: unknown): Reply => {
      const message = messageOf(error);
      return { kind: "failed", ...(request.kind !== "open" && { id: request.id }), message };
    })
    .then((reply) => postMessage(reply));
});
