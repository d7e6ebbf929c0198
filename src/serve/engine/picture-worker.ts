import { workerData } from "node:worker_threads";
import { prepareWith } from "../../node/pictures/prepare-picture.js";
import { loadSharp } from "../../node/pictures/sharp-decoder.js";
import { answerRequests } from "./answering.js";
import type { PictureRequest, PictureWorkerData } from "./picture-requests.js";

// Decoders have threads of their own, but laying out and scaling pixels is done here: off the server's thread, which must
// answer meanwhile.
const { mostPixels } = workerData as PictureWorkerData;

answerRequests<PictureRequest>(async ({ bytes, preparations }) => {
  const sharp = await loadSharp();
  const images: Uint8Array[] = [];
  for (const preparation of preparations)
    images.push(await prepareWith(sharp, bytes, preparation, mostPixels));
  return { result: images };
});
