import { sourceNameKind } from "../core/formats/arguments.js";
import { type OptionTable, type ResolvedOptions, resolveOptions } from "../core/options/index.js";
import { elsewhereOfModels, modelOptions } from "../core/training/model-options.js";
import type { WebModelOptions } from "./worker/protocol.js";

/** How a page's model of a file begins: what it has learned is in the file. */
export type OpenOptions = Omit<WebModelOptions, "state"> & { readonly sourceName?: string | undefined };

const { name, seed, state } = modelOptions;
const startOptions = { name, seed, state } satisfies OptionTable<WebModelOptions>;
const openOptions = {
  name,
  seed,
  sourceName: { meaning: "the file, for errors", kind: sourceNameKind, default: "The model file" },
} satisfies OptionTable<OpenOptions>;

const ownWorker = "A page's model runs in a worker of its own.";
const elsewhere = { ...elsewhereOfModels, platform: ownWorker, createNetwork: ownWorker };
const ofGraph = {
  layers: "They come first: startModel(chainOf([…], [28, 28, 1])).",
  inputShape: "It is what chainOf([…], inputShape) or input(inputShape) was given.",
  sourceName: "It is openModel's, for a file.",
};
const inFile = { layers: "The file has them.", inputShape: "The file has it.", state: "The file has it." };

/** Fills in defaults, before a worker starts. @throws UsageError on an unknown option, or a value that is not allowed */
export function resolveStartOptions(given: WebModelOptions): ResolvedOptions<typeof startOptions> {
  return resolveOptions("startModel", given, startOptions, { elsewhere: { ...elsewhere, ...ofGraph } });
}

/** The same of a model of a file. */
export function resolveOpenOptions(given: OpenOptions): ResolvedOptions<typeof openOptions> {
  return resolveOptions("openModel", given, openOptions, { elsewhere: { ...elsewhere, ...inFile } });
}
