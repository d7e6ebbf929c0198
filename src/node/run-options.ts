import { kindOfValue, type OptionTable, optionsOf, text } from "../core/options/index.js";
import { modelOptions } from "../core/training/model-options.js";
import { functionKind } from "../run/run-options.js";
import type { LoadOptions } from "./data/load.js";
import type { RunHostOptions } from "./run-host.js";

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

const loading = {
  onProgress: { meaning: "told what is fetched", kind: functionKind(), otherwise: "nobody" },
  signal: {
    meaning: "stops it",
    kind: kindOfValue<AbortSignal>("an AbortSignal", (value) => value instanceof AbortSignal),
    otherwise: "nothing does",
  },
  sources: {
    meaning: "where Fashion-MNIST is looked for",
    kind: kindOfValue("what fashionMnistSources() gives", isObject),
    otherwise: "its usual places",
  },
} satisfies OptionTable<LoadOptions>;

/** What runs take in Node beside what they take anywhere. */
export const hostOptions = {
  loading: { meaning: "how data is found", kind: optionsOf(loading), otherwise: "as usual" },
  platform: { ...modelOptions.platform, otherwise: "Node's threads" },
  createNetwork: modelOptions.createNetwork,
} satisfies OptionTable<RunHostOptions>;

export const folderKind = text(/^[^\0]+$/u, "the name of a folder");

/** The folder of a run that is there. */
export const folderOption = { folder: { meaning: "where the run is kept", kind: folderKind } } as const;

/** The folder of a run that isn't there yet. */
export const newFolderOption = {
  folder: { ...folderOption.folder, otherwise: "runs/<UTC time>-<model>" },
} as const;
