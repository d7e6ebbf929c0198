import { connect, type Socket } from "node:net";

/** Answers to one request, sent again and again. */
export interface Answers {
  readonly seconds: number;
  /** Of each answer, ascending. */
  readonly milliseconds: Float64Array;
  /** Those that were not 200. */
  readonly refused: number;
}

/** A request of HTTP as bytes, made once. */
export function requestBytes(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Buffer {
  const all = { Host: "127.0.0.1", ...headers, "Content-Length": String(body.length) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`), body]);
}

/** A connection that sends a request and waits for its answer: little more than bytes, so that the processors are the server's. */
class Connection {
  #settle: ((ok: boolean) => void) | undefined;
  #buffered: Buffer = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#hear(chunk));
    socket.on("close", () => this.#end(false));
    socket.on("error", () => undefined);
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new Connection(socket)));
      socket.once("error", reject);
    });
  }

  ask(request: Buffer): Promise<boolean> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      if (this.socket.destroyed) this.#end(false);
      else this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #hear(chunk: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    const head = this.#buffered.indexOf("\r\n\r\n");
    if (head === -1) return;
    const text = this.#buffered.toString("latin1", 0, head);
    const length = Number(/^content-length: (\d+)/imu.exec(text)?.[1] ?? 0);
    if (this.#buffered.length < head + 4 + length) return;
    this.#buffered = this.#buffered.subarray(head + 4 + length);
    this.#end(text.startsWith("HTTP/1.1 200"));
  }

  #end(ok: boolean): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(ok);
  }
}

/** Sends a request on each connection as soon as the last one is answered. @param until tells whether it goes on */
export async function askInTurn(
  port: number,
  request: Buffer,
  connections: number,
  until: (answered: number, seconds: number) => boolean,
): Promise<Answers> {
  const times: number[] = [];
  let refused = 0;
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  await Promise.all(
    open.map(async (connection) => {
      while (!until(times.length, seconds())) {
        const sent = performance.now();
        if (!(await connection.ask(request))) refused++;
        times.push(performance.now() - sent);
      }
      connection.close();
    }),
  );
  return { seconds: seconds(), milliseconds: Float64Array.from(times).sort(), refused };
}

/**
 * Sends requests at a rate, whether the ones before are answered or not: each is timed from the moment at which it was due, so that one that had to
 * wait for a connection is told of (what load tools call coordinated omission).
 *
 * @param rate requests a second
 */
export async function askAtRate(
  port: number,
  request: Buffer,
  rate: number,
  seconds: number,
): Promise<Answers> {
  const times: number[] = [];
  let refused = 0;
  const idle: Connection[] = [];
  const going: Promise<void>[] = [];
  const begin = performance.now();
  const one = async (due: number): Promise<void> => {
    const connection = idle.pop() ?? (await Connection.open(port));
    if (!(await connection.ask(request))) refused++;
    times.push(performance.now() - due);
    idle.push(connection);
  };
  for (let sent = 0; sent < rate * seconds; ) {
    const due = begin + (1000 * sent) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    while (begin + (1000 * sent) / rate <= performance.now() && sent < rate * seconds)
      going.push(one(begin + (1000 * sent++) / rate));
  }
  await Promise.all(going);
  for (const connection of idle) connection.close();
  return {
    seconds: (performance.now() - begin) / 1000,
    milliseconds: Float64Array.from(times).sort(),
    refused,
  };
}

/** The value below which a share of ascending ones lie. */
export const quantile = (ascending: Float64Array, share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))];
