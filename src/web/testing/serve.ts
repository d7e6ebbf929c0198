import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** What lets a page share memory between its threads. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export interface Served {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  readonly address: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Whether pages may share memory between threads. */
  readonly isolated: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Files that aren't there. */
  readonly without?: RegExp;
}

/** Serves a folder on this machine alone; `/` is its index.html, or an empty page where there is none. */
export async function serve(
  folder: string,
  { isolated, headers = {}, without }: ServeOptions,
): Promise<Served> {
  const server = createServer(async ({ url = "/" }, response) => {
    const path = normalize(new URL(url, "http://localhost").pathname);
    const file = join(folder, path === "/" ? "index.html" : path);
    const content = await readFile(file).catch(() =>
      path === "/" ? "<!doctype html><title>a page</title>" : undefined,
    );
    const all = { ...(isolated ? isolation : {}), ...headers, "Cache-Control": "no-store" };
    if (content === undefined || without?.test(path)) response.writeHead(404, all).end();
    else
      response.writeHead(200, { ...all, "Content-Type": types[extname(file)] ?? "text/html" }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
