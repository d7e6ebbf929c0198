import { parentPort, workerData } from "node:worker_threads";
import type { Dataset } from "../core/data/dataset.js";
import { HeddleError, messageOf } from "../core/errors.js";
import { graphFromConfig } from "../core/graph/index.js";
import { isStop } from "../run/host.js";
import { endsStudy } from "../study/run-trials.js";
import { Stop } from "../study/stop.js";
import { trainTrial } from "../study/train-trial.js";
import type { TrialSettings } from "../study/trial.js";
import { diskStore } from "./disk-store.js";
import { nodeRunHost } from "./run-host.js";
import type { TrialOrder, TrialReport, TrialThreadData } from "./trial-threads.js";
import { adoptVectors } from "./vector-width.js";

const port = parentPort!;
const { folder, data, dataOptions, judging, keepsWeights, vectors, ...given } = workerData as TrialThreadData;
if (vectors) adoptVectors(vectors);
const host = nodeRunHost();
let dataset: Promise<Dataset> | undefined = given.dataset && Promise.resolve(given.dataset);
let stop = new Stop();

const tell = (report: TrialReport): void => port.postMessage(report);

port.on("message", (order: TrialOrder) => {
  if (order.order === "stop") stop.stop();
  else void train(order);
});

/** Where it comes to nothing, or is stopped, the next trial loads it again. */
async function load(): Promise<Dataset> {
  try {
    return await host.loadData(data, { options: dataOptions, signal: stop });
  } catch (error) {
    dataset = undefined;
    throw error;
  }
}

async function train({
  trial,
  model,
  inputShape,
  threads,
}: TrialOrder & { readonly order: "train" }): Promise<void> {
  stop = new Stop();
  try {
    dataset ??= load();
    const loaded = await dataset;
    const graph = (): ReturnType<typeof graphFromConfig> => graphFromConfig(model.layers, inputShape);
    const settings = { ...trial.settings, model: { name: model.name, graph } } as unknown as TrialSettings;
    const trained = await trainTrial(
      { ...trial, settings },
      {
        study: diskStore(folder),
        data: { dataset: loaded, name: data, ...(dataOptions && { options: dataOptions }) },
        judging,
        keepsWeights,
        threads,
        host,
        signal: stop,
        listener: {
          // Steps are too many to tell.
          onTraining: (event) => event.event !== "step" && tell({ report: "training", event }),
          onCheckpoint: (from) => tell({ report: "checkpoint", from }),
          onWarning: (message) => tell({ report: "warning", message }),
        },
      },
    );
    tell({ report: "ended", trained });
  } catch (error) {
    if (isStop(error, stop)) {
      tell({ report: "ended", trained: false });
      return;
    }
    const message = messageOf(error);
    const isHeddles = error instanceof HeddleError;
    tell({ report: "failed", message, of: endsStudy(error) ? "place" : isHeddles ? "trial" : "program" });
  }
}
