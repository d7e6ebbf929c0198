import { type OptionTable, optionsOf, text } from "../core/options/index.js";
import { modelOptions } from "../core/training/model-options.js";
import { loadOptions } from "./data/load-options.js";
import type { RunHostOptions } from "./run-host.js";

/** What runs take in Node beside what they take anywhere. */
export const hostOptions = {
  loading: { meaning: "how data is found", kind: optionsOf(loadOptions), otherwise: "as usual" },
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
