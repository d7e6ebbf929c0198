// heddle serve under load, with client and server on the same processors:
//   npm run build && node dist/scripts/load-serve.js [seconds] [requests]
// The Proposed CNN, each kind of request for some seconds (default 10), then so many requests of one image (default 200000) in which its
// memory must stay flat. Beside it what inference and the decoder do alone. Writes results/serve.json.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { networkGraph } from "#heddle/bench/networks.js";
import { Model, nodePlatform, preparePicture } from "#heddle/node/index.js";
import { pngOf } from "#heddle/report/picture.js";
import { wholeNumber } from "./arguments.js";
import { describeMachine } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { type Answers, askAtRate, askInTurn, quantile, requestBytes } from "./load-serve/client.js";
import type { LoadRow, ServeFile } from "./load-serve/report.js";

const [secondsText = "10", requestsText = "200000"] = process.argv.slice(2);
const seconds = wholeNumber(secondsText, "seconds");
const requests = wholeNumber(requestsText, "requests");
const processors = availableParallelism();
const main = join(import.meta.dirname, "../cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "heddle-load-serve-"));
const file = join(folder, "proposed.safetensors");
const model = new Model(networkGraph("proposed"), { platform: nodePlatform });
await model.save(file);
await model.dispose();

/** A picture as a photo has it: light and dark in the large, and grain. */
const side = 224;
const png = pngOf(
  Uint8Array.from({ length: side * side * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    return 128 + 90 * Math.sin(x / 31 + (at % 3)) * Math.cos(y / 23) + ((at * 2654435761) % 16);
  }),
  [side, side, 3],
);

const tensor = (count: number): Buffer => {
  const size = count * 784;
  const json = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: "images",
          shape: [count, 28, 28, 1],
          datatype: "UINT8",
          parameters: { binary_data_size: size },
        },
      ],
      parameters: { binary_data_output: true },
    }),
  );
  const body = Buffer.concat([
    json,
    Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 40503) % 256)),
  ]);
  const headers = {
    "Inference-Header-Content-Length": String(json.length),
    "Content-Type": "application/octet-stream",
  };
  return requestBytes("/v2/models/proposed/infer", headers, body);
};
const pictureRequest = (bytes: Uint8Array): Buffer =>
  requestBytes("/v1/classify", { "Content-Type": "image/png" }, bytes);

/** A picture of the model's own size, as those of its data set are. */
const small = pngOf(
  Uint8Array.from({ length: 784 }, (_, at) => (at * 7) % 256),
  [28, 28, 1],
);

/** Images a second, as `heddle bench` measures them. */
function inferenceRate(): number {
  const args = [main, "bench", "infer/proposed/128", "--threads", String(processors), "--json"];
  const { stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { results } = JSON.parse(stdout) as { results: { medianMs: number }[] };
  return (1000 * 128) / results[0].medianMs;
}

async function decodingRate(): Promise<number> {
  const preparation = { size: [28, 28], channels: 1, resize: "fit", background: 255 } as const;
  await preparePicture(png, preparation);
  const begin = performance.now();
  let done = 0;
  const work = async (): Promise<void> => {
    for (; performance.now() - begin < 1000 * seconds; done++) await preparePicture(png, preparation);
  };
  await Promise.all(Array.from({ length: processors + 1 }, work));
  return done / ((performance.now() - begin) / 1000);
}

/** The server in a process of its own. */
async function startServer(): Promise<{ port: number; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [main, "serve", file, "--port", "0", "--quiet"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let heard = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.on("exit", () => reject(new Error(`The server ended: ${heard}`)));
    child.stderr.on("data", (chunk: Buffer) => {
      heard += chunk.toString("utf8");
      const found = /^http:\/\/\S+:(\d+) answers/m.exec(heard)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
    await new Promise((resolve) => child.on("exit", resolve));
  };
  return { port, stop };
}

async function residentMebibytes(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Math.round(Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)![1]) / 2 ** 20);
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function rowOf(
  name: string,
  images: number,
  answers: Answers,
  more: Pick<LoadRow, "connections" | "rate">,
): LoadRow {
  const { milliseconds, refused } = answers;
  const requestsPerSecond = milliseconds.length / answers.seconds;
  const row: LoadRow = {
    name,
    ...more,
    requestsPerSecond: rounded(requestsPerSecond),
    imagesPerSecond: rounded(images * requestsPerSecond),
    p50: rounded(quantile(milliseconds, 0.5)),
    p99: rounded(quantile(milliseconds, 0.99)),
    refused,
  };
  console.log(row);
  return row;
}

interface Load {
  readonly rows: readonly LoadRow[];
  readonly memory: ServeFile["memory"];
}

/** Requests of each kind, then so many of one image. */
async function load(port: number): Promise<Load> {
  const rows: LoadRow[] = [];
  const kinds = [
    { name: "tensors of 32 images", request: tensor(32), images: 32, connections: [1, 4, 8, 16] },
    { name: "tensors of 1 image", request: tensor(1), images: 1, connections: [1, 16] },
    { name: "PNG of 224 × 224", request: pictureRequest(png), images: 1, connections: [1, 4, 8, 16] },
    { name: "PNG of 28 × 28", request: pictureRequest(small), images: 1, connections: [1, 8] },
  ];
  for (const { name, request, images, connections } of kinds) {
    let peak = 0;
    await askInTurn(port, request, 4, (_, passed) => passed > 2);
    for (const count of connections) {
      const row = rowOf(
        name,
        images,
        await askInTurn(port, request, count, (_, passed) => passed > seconds),
        {
          connections: count,
        },
      );
      rows.push(row);
      peak = Math.max(peak, row.requestsPerSecond);
    }
    const rate = Math.round(peak / 2);
    rows.push(
      rowOf(`${name}, at half of the peak`, images, await askAtRate(port, request, rate, seconds), { rate }),
    );
  }
  const memory = [{ requests: 0, mebibytes: await residentMebibytes(port) }];
  for (let done = 0; done < requests; ) {
    const part = Math.min(requests - done, Math.ceil(requests / 10));
    await askInTurn(port, tensor(1), 8, (answered) => answered >= part - 8);
    done += part;
    memory.push({ requests: done, mebibytes: await residentMebibytes(port) });
    console.log(memory.at(-1));
  }
  return { rows, memory };
}

const inference = rounded(inferenceRate());
const decoding = rounded(await decodingRate());
console.log({ inference, decoding });
const { port, stop } = await startServer();
const { rows, memory } = await load(port).finally(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});
const content: ServeFile = {
  environment: describeMachine(),
  command: `node dist/scripts/load-serve.js ${seconds} ${requests}`,
  model: "the Proposed CNN, 28 × 28 × 1",
  inference,
  decoding,
  picture: `a PNG of ${side} × ${side} pixels, ${png.length} bytes`,
  rows,
  memory,
};
console.log(writeResult("serve.json", content));
