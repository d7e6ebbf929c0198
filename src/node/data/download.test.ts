import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { fashionMnist, fashionMnistFiles } from "../../core/data/fashion-mnist.js";
import { lockFolder } from "../lock.js";
import type { FashionMnistSources } from "./fashion-mnist.js";
import { loadDataset } from "./load.js";
import type { DataProgress } from "./progress.js";
import { serveFiles, startServer } from "./testing/file-server.js";
import {
  isolatedSources,
  nameOf,
  smallContents,
  smallFiles,
  temporaryFolder,
  writeFour,
} from "./testing/small-fashion.js";

const publishedFiles = new Map<string, Uint8Array>(
  fashionMnistFiles.map((file) => [`/${file.name}.gz`, gzipSync(smallContents[file.role])] as const),
);
const imagesPath = `/${nameOf("trainImages")}.gz`;
const gzipped = publishedFiles.get(imagesPath)!;

const shortLimits = { connectLimit: 150, stallLimit: 150, totalLimit: 5_000, maximumBytes: 1e6 };

interface FetchOptions {
  readonly part?: Uint8Array;
  readonly signal?: AbortSignal;
  readonly onReceived?: (receivedBytes: number) => unknown;
}

/** Loads over the network alone; `part` is what an earlier try left of the training images. */
async function fetchFrom(
  context: TestContext,
  changed: Partial<FashionMnistSources>,
  { part, signal, onReceived }: FetchOptions = {},
) {
  const folder = await temporaryFolder(context);
  const kept = join(folder, "cache", "fashion-mnist");
  await mkdir(kept, { recursive: true });
  if (part) await writeFile(join(kept, `${nameOf("trainImages")}.gz.part`), part);
  const progress: DataProgress[] = [];
  const result = loadDataset(fashionMnist, {
    sources: isolatedSources(folder, changed),
    onProgress: (event) => {
      progress.push(event);
      if (event.type === "download") onReceived?.(event.receivedBytes);
    },
    signal,
  });
  const loaded = await result.catch((error: Error) => error);
  const warnings = progress.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  return { loaded, progress, warnings, kept };
}

function origins(loaded: Awaited<ReturnType<typeof fetchFrom>>["loaded"]): string[] {
  if (loaded instanceof Error) throw loaded;
  return loaded.sources.map(({ origin }) => origin);
}

const downloaded = Array(4).fill("download");

describe("fetching Fashion-MNIST", () => {
  it("keeps the verified contents, tells of progress, and leaves no part behind", async (context) => {
    const { address } = await startServer(context, serveFiles(publishedFiles));
    const { loaded, progress, warnings, kept } = await fetchFrom(context, { addresses: [address] });
    assert.deepEqual(origins(loaded), downloaded);
    assert.deepEqual(warnings, []);
    assert.deepEqual((await readdir(kept)).sort(), fashionMnistFiles.map((file) => file.name).sort());
    const last = progress.findLast(
      (event) => event.type === "download" && event.file === nameOf("trainImages"),
    );
    assert.deepEqual(last, {
      type: "download",
      file: nameOf("trainImages"),
      address: `${address}${nameOf("trainImages")}.gz`,
      receivedBytes: gzipped.length,
      totalBytes: gzipped.length,
    });
  });

  it("goes on where an earlier try left off", async (context) => {
    const { address, requests } = await startServer(context, serveFiles(publishedFiles));
    const part = gzipped.subarray(0, 100);
    const { loaded, warnings } = await fetchFrom(context, { addresses: [address] }, { part });
    assert.deepEqual(origins(loaded), downloaded);
    assert.deepEqual(warnings, []);
    assert.deepEqual(requests[0], { path: imagesPath, range: "bytes=100-" });
  });

  it("starts over where the earlier part was another file's, too long, or the server knows no ranges", async (context) => {
    const ranges = await startServer(context, serveFiles(publishedFiles));
    const whole = await startServer(context, (request, response) => {
      request.headers.range = undefined;
      serveFiles(publishedFiles)(request, response);
    });
    const parts = [new Uint8Array(100), Buffer.concat([gzipped, Buffer.alloc(9)]), gzipped];
    for (const { address } of [ranges, whole]) {
      for (const part of parts) {
        const { loaded, warnings } = await fetchFrom(context, { addresses: [address] }, { part });
        assert.deepEqual(origins(loaded), downloaded);
        assert.deepEqual(warnings, []);
      }
    }
  });

  it("goes on at the second address when the first breaks off or stalls", async (context) => {
    for (const breaksOff of [true, false]) {
      const first = await startBreakingServer(context);
      const second = await startServer(context, serveFiles(publishedFiles));
      const { loaded, warnings } = await fetchFrom(
        context,
        { addresses: [first.address, second.address], downloadLimits: shortLimits },
        { onReceived: (receivedBytes) => breaksOff && receivedBytes === 50 && first.breakOff() },
      );
      assert.deepEqual(origins(loaded), downloaded);
      assert.match(
        warnings[0],
        breaksOff ? /broke off after 50 / : /sent nothing for 0.15 s, after 50 bytes/,
      );
      assert.deepEqual(second.requests[0], { path: imagesPath, range: "bytes=50-" });
    }
  });

  it("keeps a part for the next time", async (context) => {
    const { address, breakOff } = await startBreakingServer(context);
    const { loaded, kept } = await fetchFrom(
      context,
      { addresses: [address] },
      { onReceived: (receivedBytes) => receivedBytes === 50 && breakOff() },
    );
    assert.match((loaded as Error).message, /could not be fetched/);
    const part = await readFile(join(kept, `${nameOf("trainImages")}.gz.part`));
    assert.deepEqual(part, Buffer.from(gzipped.subarray(0, 50)));
  });

  it("passes over a server that sends something else", async (context) => {
    const other = gzipSync(smallContents.testImages);
    const wrong: readonly [Uint8Array, RegExp][] = [
      [
        Buffer.from("<html>Please log in</html>"),
        /train-images-idx3-ubyte.gz does not send Fashion-MNIST's training images: the MD5 sum of the 26 bytes/,
      ],
      [other, /train-images-idx3-ubyte.gz does not send Fashion-MNIST's training images: the MD5 sum/],
      [new Uint8Array(0), /train-images-idx3-ubyte.gz sent an empty file/],
      [new Uint8Array(2e6), /sent more than 1000000 bytes/],
    ];
    for (const [body, message] of wrong) {
      const first = await startServer(context, serveFiles(new Map([...publishedFiles, [imagesPath, body]])));
      const second = await startServer(context, serveFiles(publishedFiles));
      const { loaded, warnings } = await fetchFrom(context, { addresses: [first.address, second.address] });
      assert.deepEqual(origins(loaded), downloaded);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0], message);
      assert.deepEqual(
        second.requests.map(({ path }) => path),
        [imagesPath],
      );
    }
  });

  it("looks at the sum of what it fetched before it unpacks it, and unpacks no more than is published", async (context) => {
    const bomb = gzipSync(new Uint8Array(64e6));
    const files = new Map([...publishedFiles, [imagesPath, bomb] as const]);
    const { address } = await startServer(context, serveFiles(files));
    const sum = await fetchFrom(context, { addresses: [address] });
    assert.match(sum.warnings[0], /does not send Fashion-MNIST's training images: the MD5 sum/);
    const packedMd5 = createHash("md5").update(bomb).digest("hex");
    const published = smallFiles.map((file) => (file.role === "trainImages" ? { ...file, packedMd5 } : file));
    const { warnings } = await fetchFrom(context, { addresses: [address], files: published });
    assert.match(
      warnings[0],
      /train-images-idx3-ubyte.gz is damaged or something else: it unpacks to more than the 31376 bytes/,
    );
  });

  it("waits for another process that fetches, and takes what that one fetched", async (context) => {
    const folder = await temporaryFolder(context);
    const kept = join(folder, "cache", "fashion-mnist");
    const other = await lockFolder(kept, "fetching.lock");
    const notices: string[] = [];
    const loaded = await loadDataset(fashionMnist, {
      sources: isolatedSources(folder),
      onProgress: (event) => {
        if (event.type !== "notice") return;
        notices.push(event.message);
        void writeFour(kept, smallContents, false).then(() => other.release());
      },
    });
    assert.equal(notices.length, 1);
    assert.match(notices[0], /^Waiting for another download\. Process \d+ on /);
    assert.deepEqual(
      loaded.sources.map(({ origin }) => origin),
      Array(4).fill("cache"),
    );
    assert.equal((await readdir(kept)).length, 4);
  });

  it("stops waiting when asked to", async (context) => {
    const folder = await temporaryFolder(context);
    const other = await lockFolder(join(folder, "cache", "fashion-mnist"), "fetching.lock");
    const controller = new AbortController();
    const loading = loadDataset(fashionMnist, {
      sources: isolatedSources(folder),
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(loading, (error) => error === controller.signal.reason);
    await other.release();
  });

  it("takes away what others left half-written", async (context) => {
    const { address } = await startServer(context, serveFiles(publishedFiles));
    const folder = await temporaryFolder(context);
    const kept = join(folder, "cache", "fashion-mnist");
    await mkdir(kept, { recursive: true });
    await writeFile(join(kept, `.${nameOf("trainImages")}.0123abcd.tmp`), "half");
    const sources = isolatedSources(folder, { addresses: [address] });
    await loadDataset(fashionMnist, { sources });
    assert.equal((await readdir(kept)).length, 4);
    await writeFile(join(kept, `${nameOf("trainImages")}.gz.part`), "half");
    await loadDataset(fashionMnist, { sources });
    assert.equal((await readdir(kept)).length, 4);
  });

  it("says what a server answered", async (context) => {
    const { address } = await startServer(context, serveFiles(new Map()));
    const { loaded, warnings } = await fetchFrom(context, { addresses: [address] });
    assert.equal(warnings.filter((warning) => / answered 404 Not Found/.test(warning)).length, 4);
    assert.match((loaded as Error).message, /answered 404 Not Found/);
  });

  it("gives an address up at once when nothing is there, or nothing answers", async (context) => {
    const closed = await freePort();
    const silent = await startServer(context, () => {});
    const { loaded, warnings } = await fetchFrom(context, {
      addresses: [`http://127.0.0.1:${closed}/`, silent.address],
      downloadLimits: shortLimits,
    });
    assert.equal(warnings.length, 3);
    assert.match(warnings[0], /can't be reached \(ECONNREFUSED\)/);
    assert.match(warnings[1], /can't be reached \(no answer within 0.15 s\)/);
    assert.equal(silent.requests.length, 1);
    assert.match((loaded as Error).message, /Connect to the network, install the Debian package/);
  });

  it("ends a download that trickles on for too long", async (context) => {
    const { address } = await startServer(context, (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(timer));
    });
    const limits = { ...shortLimits, stallLimit: 5_000, totalLimit: 100 };
    const { warnings } = await fetchFrom(context, { addresses: [address], downloadLimits: limits });
    assert.match(warnings[0], /took longer than 0.1 s/);
  });

  it("stops when asked to, and keeps the part", async (context) => {
    const controller = new AbortController();
    const { address } = await startBreakingServer(context);
    const { loaded, warnings, kept } = await fetchFrom(
      context,
      { addresses: [address] },
      {
        signal: controller.signal,
        onReceived: (receivedBytes) => receivedBytes === 50 && controller.abort(),
      },
    );
    assert.equal(loaded, controller.signal.reason);
    assert.deepEqual(warnings, []);
    assert.equal((await stat(join(kept, `${nameOf("trainImages")}.gz.part`))).size, 50);
  });
});

/** Sends 50 bytes of whatever is asked for, then nothing, until told to break off. */
async function startBreakingServer(context: TestContext) {
  let breakOff = () => {};
  const server = await startServer(context, (_, response) => {
    response.writeHead(200, { "content-length": gzipped.length });
    response.write(gzipped.subarray(0, 50));
    breakOff = () => response.destroy();
  });
  return { ...server, breakOff: () => breakOff() };
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : 0));
    });
  });
}
