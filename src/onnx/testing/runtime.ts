import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const folder = new URL("../../../scripts/transformers/", import.meta.url);

/** Why ONNX Runtime's WebAssembly build can't run here; false where it can. */
export const noRuntime = existsSync(new URL("node_modules/onnxruntime-web/package.json", folder))
  ? false
  : "onnxruntime-web is not installed: npm ci --prefix scripts/transformers brings it";

/** As much of onnxruntime-web as tests use. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number }; logLevel: string };
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<Session>;
  };
  readonly Tensor: new (type: string, data: Float32Array | Uint8Array, dims: readonly number[]) => object;
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, object>>,
  ): Promise<Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>>;
  release(): Promise<void>;
}

let loaded: Promise<Runtime> | undefined;

async function runtime(): Promise<Runtime> {
  const found = createRequire(fileURLToPath(new URL("package.json", folder))).resolve("onnxruntime-web");
  const made = (await import(found)) as Runtime;
  made.env.wasm.numThreads = 1;
  made.env.logLevel = "error";
  return made;
}

/** What an ONNX file's first output is of its one input. */
export async function runOnnx(
  model: Uint8Array,
  input: Float32Array | Uint8Array,
  dims: readonly number[],
): Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }> {
  loaded ??= runtime();
  const { InferenceSession, Tensor } = await loaded;
  const session = await InferenceSession.create(model, {});
  try {
    const type = input instanceof Uint8Array ? "uint8" : "float32";
    const outputs = await session.run({ [session.inputNames[0]]: new Tensor(type, input, dims) });
    return outputs[session.outputNames[0]];
  } finally {
    await session.release();
  }
}
