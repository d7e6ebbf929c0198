import { workerData } from "node:worker_threads";
import { shapeSize } from "../../core/layers/shape.js";
import { modelFromFile, type NodeModel } from "../../node/node-model.js";
import { nodePlatform } from "../../node/platform.js";
import { heatPicture } from "../../report/heat-picture.js";
import { pngOf } from "../../report/picture.js";
import { answerRequests } from "./answering.js";
import type { AboutModel, ModelRequest, ModelWorkerData } from "./model-requests.js";

// A thread of its own computes: the engine keeps the thread that calls it busy until a batch is done, and the server's
// must answer meanwhile.
const { bytes, file, name, threads, portable, wideVectors } = workerData as ModelWorkerData;

/** Opened with the first request, whose answer says what is wrong with a file that holds no model. */
let opened: NodeModel | undefined;

function open(): NodeModel {
  if (opened) return opened;
  const model = modelFromFile(bytes, file, { name, platform: nodePlatform });
  model.compile({ threads, portable, wideVectors, loss: model.loss });
  opened = model;
  return model;
}

/** Numbers of images that the engine plans programs for: made now, so that no request waits for one. */
const planned = [1, 8, 32, 128];

async function about(model: NodeModel, mostTogether: number): Promise<AboutModel> {
  const { inputShape, classNames, loss, preparation, calibration } = model;
  const size = shapeSize(inputShape);
  for (const count of planned) if (count <= mostTogether) await model.predict(new Uint8Array(count * size));
  return { inputShape, classNames, loss, preparation, calibration };
}

answerRequests<ModelRequest>(async (request) => {
  const model = open();
  if (request.kind === "about") return { result: await about(model, request.mostTogether) };
  if (request.kind === "predict") {
    const views = request.viewed ? model.calibration?.views : undefined;
    const result = await model.predict(request.images, { views });
    return { result, transferred: [result.buffer as ArrayBuffer] };
  }
  const { image, label, shown, shape } = request;
  const { height, width, values } = await model.explain(
    image,
    label === undefined ? {} : { classIndex: label },
  );
  const result = pngOf(heatPicture(shown, shape, { height, width, values }), shape);
  return { result };
});
