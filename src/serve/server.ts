import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { HeddleError } from "../core/errors.js";
import { fileErrorWords } from "../node/file-errors.js";
import { beginExchange, type Exchange } from "./http/exchange.js";
import { createApp } from "./routes/app.js";
import type { Serving } from "./routes/serving.js";
import type { RequestEntry } from "./watch/request-log.js";

/** Milliseconds that a request's header may take, and a connection may idle between two requests. */
const headerPatience = 10_000;
const idlePatience = 5_000;

/** How long a connection without a request is waited for when the server stops. */
const lastMoment = 200;

/** Methods that figures tell apart. */
const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The sockets, the limits on them, and what becomes of each request. */
export class HttpServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those that have never asked for anything. */
  readonly #silent = new Set<Socket>();

  constructor(private readonly serving: Serving) {
    const { timeout, maxConnections } = serving.options;
    const app = createApp(serving);
    const listener = getRequestListener((request, env) => app.fetch(request, env as never), {
      // A request before HTTP/1.1 names no host.
      hostname: "localhost",
      // A library leaves the process's Request and Response as they are.
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        const words = error instanceof Error ? error.message : "The request can't be understood";
        return Response.json({ error: `The request can't be understood: ${words}.` }, { status: 400 });
      },
    });
    this.#server = createServer(
      {
        headersTimeout: Math.min(headerPatience, timeout),
        // What is answered in words comes first.
        requestTimeout: timeout + 1000,
        keepAliveTimeout: idlePatience,
        connectionsCheckingInterval: Math.min(1000, timeout),
        noDelay: true,
      },
      (incoming, outgoing) => {
        this.#begin(incoming, outgoing);
        void listener(incoming, outgoing);
      },
    );
    this.#server.maxConnections = maxConnections;
    this.#server.timeout = timeout + headerPatience;
    this.#server.on("clientError", refuseUnread);
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      this.#silent.add(socket);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.#silent.delete(socket);
      });
    });
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** @returns where it listens. @throws HeddleError where it can't */
  async listen(host: string, port: number): Promise<AddressInfo> {
    const plain = host.replace(/^\[|\]$/gu, "");
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (cause) => reject(listenError(host, port, cause)));
      this.#server.listen(port, plain, resolve);
    });
    // A connection that could not be taken is that client's loss alone.
    this.#server.on("error", () => undefined);
    return this.#server.address() as AddressInfo;
  }

  /** Takes no more connections, answers what was begun, and cuts off what takes longer than any request may. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    // Those are not idle to Node, which waits for their first request: what is on its way has a moment yet.
    const silent = setTimeout(() => {
      for (const socket of this.#silent) socket.destroy();
    }, lastMoment);
    const late = setTimeout(() => this.#server.closeAllConnections(), this.serving.options.timeout + 2000);
    await closed;
    clearTimeout(late);
    clearTimeout(silent);
  }

  #begin(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { timeout } = this.serving.options;
    this.#silent.delete(incoming.socket);
    const { id } = beginExchange(incoming, outgoing, timeout, (exchange, status) =>
      this.#end(incoming, exchange, status),
    );
    outgoing.setHeader("X-Request-Id", id);
    outgoing.setHeader("X-Content-Type-Options", "nosniff");
    outgoing.setHeader("Cache-Control", "no-store");
    if (this.serving.stopping) outgoing.setHeader("Connection", "close");
  }

  #end(incoming: IncomingMessage, exchange: Exchange, status: number): void {
    const { metrics, options } = this.serving;
    const seconds = (performance.now() - exchange.begin) / 1000;
    const method = incoming.method ?? "";
    const route = exchange.route ?? "none";
    metrics.requests.add([route, knownMethods.has(method) ? method : "other", String(status)]);
    metrics.latency.observe([route], seconds);
    options.onLog?.(requestEntry(incoming, exchange, status, seconds));
    // What was begun before the server was asked to stop keeps its connection open for another request.
    if (this.serving.stopping) setImmediate(() => this.#server.closeIdleConnections());
  }
}

function requestEntry(
  incoming: IncomingMessage,
  { id, bytes, client, model, version, images, error }: Exchange,
  status: number,
  seconds: number,
): RequestEntry {
  const path = (incoming.url ?? "").split("?")[0];
  return {
    time: new Date().toISOString(),
    level: status === 500 ? "error" : status >= 400 ? "warn" : "info",
    event: "request",
    id,
    method: (incoming.method ?? "").slice(0, 20),
    path: path.slice(0, 200),
    status,
    milliseconds: Math.round(seconds * 1e6) / 1000,
    bytes,
    ...(client !== undefined && { client }),
    ...(model !== undefined && { model, version }),
    ...(images !== undefined && { images }),
    ...(error !== undefined && { error }),
  };
}

/** What is no request, or is too slow to become one, is answered in words too. */
function refuseUnread(
  error: NodeJS.ErrnoException,
  socket: Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null },
): void {
  // A client that is gone, or whose request is being answered already, hears nothing.
  if (!socket.writable || socket._httpMessage?.headersSent || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, words] = unread[error.code ?? ""] ?? ["400 Bad Request", "That is no request of HTTP/1.1."];
  const body = JSON.stringify({ error: words });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const unread: Readonly<Record<string, readonly [status: string, words: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request did not come in time."],
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The request's header is too long."],
};

function listenError(host: string, port: number, cause: unknown): HeddleError {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: "another program listens there. End it, or choose another port.",
    EADDRNOTAVAIL: "this machine has no such address. 127.0.0.1 is its own, 0.0.0.0 all that it has.",
    ENOTFOUND: "nobody knows the name. 127.0.0.1 is this machine's address, 0.0.0.0 all that it has.",
    EACCES: "permission denied. Choose a port of 1024 or more.",
  };
  return new HeddleError(
    `The server can't listen at ${host}, port ${port}: ${words[code] ?? `${fileErrorWords(cause)}.`}`,
    { cause },
  );
}
