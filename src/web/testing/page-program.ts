import type * as web from "../index.js";
import type * as testCase from "./training-case.js";

// Run in a page, handed over as text: nothing may be reached from outside of a function.

/** Where `dist` is served, what a page imports. */
export const modules = ["/web/index.js", "/web/testing/training-case.js"] as const;

/** Trains the case in a worker, looking at it meanwhile; says what came of it. */
export async function trainCase([webUrl, caseUrl]: readonly string[]) {
  const { startModel } = (await import(webUrl)) as typeof web;
  const { caseData, caseFit, caseGraph, caseOptions } = (await import(caseUrl)) as typeof testCase;
  const { seed, threads } = caseOptions;
  const data = caseData();
  const model = await startModel(caseGraph(), { seed });
  await model.compile({ threads });
  const seen = { threads: 0, steps: 0, beside: [] as number[] };
  const { end } = await model.fit(data, {
    ...caseFit,
    callbacks: [
      {
        onStart: async (event) => {
          seen.threads = event.threads;
          seen.beside.push((await model.predict(data.train.images)).length);
        },
        onStep: async () => {
          seen.steps++;
          seen.beside.push((await model.predict(data.train.images)).length);
        },
        onEpoch: async () => {
          seen.beside.push((await model.evaluate(data.train)).n);
        },
      },
    ],
  });
  const bytes = [...(await model.toBytes())];
  await model.dispose();
  return { ...seen, end, bytes };
}

/** Trains twice, on networks of different sizes; the model stays. */
export async function trainTwice([webUrl, caseUrl]: readonly string[]) {
  const { startModel } = (await import(webUrl)) as typeof web;
  const { caseData, caseFit, caseGraph, caseOptions } = (await import(caseUrl)) as typeof testCase;
  const model = await startModel(caseGraph(), { seed: caseOptions.seed });
  await model.compile({ threads: caseOptions.threads });
  await model.fit(caseData(), caseFit);
  await model.fit(caseData(), { ...caseFit, batchSize: 8 });
  return [...(await model.toBytes())];
}

/** Starts a fit that would take hours; comes back when the page's own timers have gone on beside it for a while. */
export async function trainOnAndOn([webUrl, caseUrl]: readonly string[]): Promise<void> {
  const { startModel } = (await import(webUrl)) as typeof web;
  const { caseData, caseFit, caseGraph, caseOptions } = (await import(caseUrl)) as typeof testCase;
  const model = await startModel(caseGraph(), { seed: 1 });
  await model.compile({ threads: caseOptions.threads });
  let steps = 0;
  const callbacks = [{ onStep: () => void steps++ }];
  const fit = model.fit(caseData(), { ...caseFit, epochs: 1_000_000, callbacks });
  const ending = fit.then(
    ({ end }) => end.reason,
    (error: unknown) => String(error),
  );
  Object.assign(globalThis, { training: { model, ending } });
  await new Promise<void>((resolve) => {
    let ticks = 0;
    const ticking = setInterval(() => {
      if (++ticks < 50 || steps < 50) return;
      clearInterval(ticking);
      resolve();
    }, 1);
  });
}

declare const training: { readonly model: web.WebModel; readonly ending: Promise<string> };

/** Disposes of the model of `trainOnAndOn`; says how its fit ended, and what it says afterwards. */
export async function disposeAmidFit(): Promise<readonly string[]> {
  await training.model.dispose();
  const afterwards = await training.model.toBytes().then(String, String);
  return [await training.ending, afterwards];
}

/** How that fit ended, and what a later call says. */
export async function afterDeath(): Promise<readonly string[]> {
  const ending = await training.ending;
  return [ending, await training.model.toBytes().then(String, String)];
}

/** What comes of wrong arguments that only the worker finds. */
export async function refusal([webUrl, caseUrl]: readonly string[]) {
  const { HeddleError, openModel, startModel, UsageError } = (await import(webUrl)) as typeof web;
  const { caseData, caseGraph } = (await import(caseUrl)) as typeof testCase;
  const model = await startModel(caseGraph());
  const errors = [
    await startModel(caseGraph(), { seed: 0.5 }).catch((error: unknown) => error),
    await model.fit(caseData(), { batchSize: 100_000 }).catch((error: unknown) => error),
    await openModel(new Uint8Array(100), { sourceName: "old.safetensors" }).catch((error: unknown) => error),
  ];
  await model.dispose();
  return errors.map((error) => [error instanceof UsageError, error instanceof HeddleError, String(error)]);
}
