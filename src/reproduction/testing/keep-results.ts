import { diskStore } from "../../node/disk-store.js";
import { heddleVersion } from "../../node/version.js";
import { RunFolder } from "../../run/run-folder.js";
import { prepareStudy } from "../../study/manifest.js";
import { trialStore, writeTrialNote } from "../../study/trial-folder.js";
import type { Protocol } from "../plan/protocol.js";
import type { ReproductionResults } from "../results/results.js";
import { reproductionKind } from "../run/reproduce.js";

/** Keeps results as if they had been run in a folder. */
export async function keepResults(
  folder: string,
  { name, settings }: Protocol,
  { quick, records, predictions }: Pick<ReproductionResults, "quick" | "records" | "predictions">,
): Promise<void> {
  const study = diskStore(folder);
  const images = { count: 0, checksum: 0 };
  await study.make();
  await prepareStudy(study, {
    kind: reproductionKind,
    heddle: heddleVersion(),
    data: { name: "fashion-mnist", trainingImages: images, testImages: images },
    about: { quick, protocol: { name, settings } },
  });
  for (const { id, factors, config, environment, history, outcome, message, test, train } of records) {
    const store = trialStore(study, id);
    await store.make();
    const run = new RunFolder(store);
    await run.writeConfig(config);
    await run.writeEnvironment(environment);
    await run.restoreHistory(history);
    if (test) await run.writeEvaluation({ ...test, roc: [] });
    const kept = predictions.get(id);
    if (kept) await run.writePredictions(kept);
    const said = message === undefined ? {} : { message };
    await writeTrialNote(store, { factors, outcome, epochs: history.length, ...said, train });
  }
}
