import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";

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
  /** Files beside the folder's, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** What `/` is (default: the folder's index.html, or an empty page). */
  readonly page?: string;
  /** Called with what pages post. */
  readonly hear?: (words: string) => void;
}

const emptyPage = "<!doctype html><title>A page</title>";

/** Serves a folder on this machine alone. */
export async function serve(
  folder: string,
  { isolated, headers = {}, without, files, page, hear }: ServeOptions,
): Promise<Served> {
  const all = { ...(isolated ? isolation : {}), ...headers, "Cache-Control": "no-store" };
  const contentOf = async (path: string): Promise<string | Buffer | undefined> => {
    if (without?.test(path)) return undefined;
    if (files && Object.hasOwn(files, path)) return files[path];
    if (path === "/" && page !== undefined) return page;
    const otherwise = path === "/" ? emptyPage : undefined;
    return readFile(join(folder, path === "/" ? "index.html" : path)).catch(() => otherwise);
  };
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      hear?.(await text(request));
      return response.writeHead(204, all).end();
    }
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    const content = await contentOf(path);
    if (content === undefined) return response.writeHead(404, all).end();
    return response
      .writeHead(200, { ...all, "Content-Type": types[extname(path)] ?? "text/html" })
      .end(content);
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
