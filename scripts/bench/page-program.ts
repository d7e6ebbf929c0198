import type { Question } from "../../bench/rivals/question.js";

/** Where a page finds heddle, jax-js and the network that it has in it. */
export const pageModules = {
  heddle: "/dist/web/index.js",
  jaxNetwork: "/bench/dist/rivals/jax-network.js",
} as const;

/** What `measureInPage` is given. */
export interface PageTask {
  readonly modules: typeof pageModules;
  readonly work: Pick<Question, "kind" | "batch">;
  readonly rounds: number;
  readonly threads: number;
}

/** Milliseconds a turn of each round. */
export interface PageTimes {
  readonly heddle: readonly number[];
  readonly jax: readonly number[];
  /** Whether threads could share memory: without, both have one. */
  readonly isolated: boolean;
}

/** The part of heddle that is called in a page. */
interface Heddle {
  readonly modelDefinitions: {
    readonly proposed: { graph(inputShape: readonly number[], classes: number): unknown };
  };
  startModel(graph: unknown): Promise<{
    compile(options: object): Promise<void>;
    fit(data: object, options: object): Promise<unknown>;
    predict(images: Uint8Array): Promise<unknown>;
    dispose(): Promise<void>;
  }>;
}

interface Jax {
  prepareJax(): Promise<(work: PageTask["work"]) => Promise<{ work(): Promise<unknown> }>>;
}

/** Run in a page, handed over as text: nothing may be reached from outside of it. */
export async function measureInPage({ modules, work, rounds, threads }: PageTask): Promise<PageTimes> {
  const { modelDefinitions, startModel } = (await import(modules.heddle)) as Heddle;
  const { prepareJax } = (await import(modules.jaxNetwork)) as Jax;
  const stepsARound = 16;
  const count = work.kind === "train" ? work.batch * stepsARound : work.batch;
  const images = Uint8Array.from(
    { length: count * 784 },
    (_, index) => Math.imul(index, 2_654_435_761) >>> 24,
  );
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  const model = await startModel(modelDefinitions.proposed.graph([28, 28, 1], 10));
  await model.compile({ threads, learningRate: 1e-4 });

  /** An epoch's steps as its events come in: from the first one to the last. */
  const train = async (): Promise<number> => {
    const times: number[] = [];
    await model.fit(
      { train: { images, labels } },
      {
        epochs: 1,
        batchSize: work.batch,
        validationShare: 0,
        callbacks: [{ onStep: () => void times.push(performance.now()) }],
      },
    );
    return (times[times.length - 1] - times[0]) / (times.length - 1);
  };
  const timed = async (turn: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await turn();
    return performance.now() - start;
  };
  const heddle = work.kind === "train" ? train : () => timed(() => model.predict(images));
  const { work: jaxTurn } = await (await prepareJax())(work);
  const jax = () => timed(jaxTurn);

  // The first turns compile, and warm up.
  await jax();
  for (let turn = 0; turn < 3; turn++) await heddle();
  const times = { heddle: [] as number[], jax: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const order = [
      ["heddle", heddle],
      ["jax", jax],
    ] as const;
    for (const [name, turn] of round % 2 === 0 ? order : [...order].reverse()) times[name].push(await turn());
  }
  await model.dispose();
  return {
    ...times,
    isolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true,
  };
}
