// `import "heddle/serve"`: models over HTTP.

export type { Reloaded } from "./engine/registry.js";
export type { ModelToServe } from "./model-file.js";
export { type ModelServer, serve } from "./serve.js";
export { OpenServerError } from "./serve-error.js";
export type { ServeOptions } from "./serve-options.js";
export type { LogEntry, ModelEntry, RequestEntry } from "./watch/request-log.js";
