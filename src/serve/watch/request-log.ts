/** A line of the log, as one object of JSON. No picture's content or name is ever in it, nor a token. */
export type LogEntry = RequestEntry | ModelEntry;

/** A request that was answered, or whose client was gone: status 499, as nginx has it. */
export interface RequestEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly level: "info" | "warn" | "error";
  readonly event: "request";
  /** Of the request: `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  /** The path, without what is asked for behind it; 200 characters at most. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Of the request's body. */
  readonly bytes: number;
  /** Who asked: an address. */
  readonly client?: string;
  readonly model?: string;
  readonly version?: string;
  readonly images?: number;
  readonly error?: string;
}

/** Something happened to a model. */
export interface ModelEntry {
  readonly time: string;
  readonly level: "info" | "warn" | "error";
  readonly event: "model";
  readonly model: string;
  readonly message: string;
}
