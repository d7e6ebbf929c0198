import { MessageChannel, type MessagePort } from "node:worker_threads";
import { graphConfig, nodePlatform } from "../../node/index.js";
import { Link, workerEnded } from "../link.js";
import { WebModel } from "../web-model.js";
import { hostModel } from "../worker/host.js";
import type { Reply, Request } from "../worker/protocol.js";
import { caseGraph, caseOptions } from "./training-case.js";

/** Node's ports as a page and its worker have them. */
function portOf<Sent, Heard>(port: MessagePort) {
  return {
    postMessage: (message: Sent, transfer: ArrayBuffer[]) => port.postMessage(message, transfer),
    addEventListener: (_: "message", listener: (event: { data: Heard }) => void) =>
      void port.on("message", (data: Heard) => listener({ data })),
  };
}

export interface LocalModel {
  readonly model: WebModel;
  /** As if its worker died. */
  readonly die: () => void;
  readonly close: () => void;
}

/** A page's model of the case, with its worker in the same thread: both ends of the line, without a browser. */
export async function localModel(seed = caseOptions.seed): Promise<LocalModel> {
  const { port1, port2 } = new MessageChannel();
  hostModel(portOf<Reply, Request>(port1), nodePlatform);
  const link = new Link(portOf<Request, Reply>(port2));
  const graph = caseGraph();
  const { inputShape } = graph;
  const description = await link.call("start", [{ layers: graphConfig(graph), inputShape }, { seed }]);
  const close = () => {
    port1.close();
    port2.close();
  };
  const model = new WebModel(graph, description, link, async () => close());
  return { model, die: () => link.end(workerEnded("it was killed")), close };
}
