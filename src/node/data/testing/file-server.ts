import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface ServedRequest {
  readonly path: string;
  readonly range: string | undefined;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of the test's own on this machine, gone when it ends. */
export async function startServer(
  context: TestContext,
  answer: Answer,
): Promise<{ address: string; requests: ServedRequest[] }> {
  const requests: ServedRequest[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", range: request.headers.range });
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

/** Serves files by path (`/name`), whole or from where a range begins. */
export function serveFiles(files: ReadonlyMap<string, Uint8Array>): Answer {
  return (request, response) => {
    const bytes = files.get(request.url ?? "");
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (start > 0 && start >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    const range = { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    const length = { "content-length": bytes.length - start };
    response.writeHead(start > 0 ? 206 : 200, start > 0 ? { ...range, ...length } : length);
    response.end(bytes.subarray(start));
  };
}
