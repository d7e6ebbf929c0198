// The library as pages have it: everything of the core, models in workers, and what a worker of one's own needs.
export * from "../core/index.js";
export type {
  ImagesWithTargetsInMemory,
  LabelledImagesInMemory,
  TrainingDataInMemory,
} from "./copied-images.js";
export { browserRunHost } from "./run-host.js";
export { openModel, startModel } from "./start-model.js";
export { WebModel } from "./web-model.js";
export { browserPlatform } from "./worker/platform.js";
export type { WebModelOptions } from "./worker/protocol.js";
