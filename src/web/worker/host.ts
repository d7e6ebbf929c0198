import { UsageError } from "../../core/errors.js";
import { graphConfig, graphFromConfig } from "../../core/graph/index.js";
import type { Platform } from "../../core/platform.js";
import { Model } from "../../core/training/model.js";
import { modelFromBytes } from "../../core/training/model-from-bytes.js";
import { EventLine } from "./event-line.js";
import type { CallName, Calls, Facts, Port, Reply, Request } from "./protocol.js";
import { disposedError, sentError } from "./protocol.js";

type Handlers = {
  readonly [Name in CallName]: (
    call: number,
    ...args: Parameters<Calls[Name]>
  ) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>>;
};

/**
 * Runs one model for who is at the other end of a port.
 *
 * @param cleanUp called when the model has been disposed of
 */
export function hostModel(
  port: Port<Reply, Request>,
  platform: Platform,
  cleanUp: () => Promise<void> = async () => {},
): void {
  let started: Model | undefined;
  let disposed = false;
  let told: Facts | undefined;
  const fits = new Map<number, EventLine>();

  const send = (reply: Reply, transfer: ArrayBuffer[] = []): void => {
    const facts = started && factsOf(started);
    if (facts && !sameFacts(facts, told)) port.postMessage({ kind: "facts", facts }, []);
    told = facts;
    port.postMessage(reply, transfer);
  };

  const model = (): Model => {
    // It would start threads anew, which nobody ends.
    if (disposed) throw disposedError();
    if (!started) throw new UsageError("The worker has no model yet: start comes before all other calls.");
    return started;
  };

  const fit: Handlers["fit"] = (call, data, options) => {
    const line = new EventLine((event) => send({ kind: "event", call, event }));
    const train = async (): Promise<void> => {
      for await (const event of model().fitEvents(data, { ...options, signal: line })) {
        await line.tell(event);
        if (line.left) break;
      }
    };
    fits.set(call, line);
    return train().finally(() => fits.delete(call));
  };

  /** What is asked for and not answered yet. */
  const answering = new Set<Promise<void>>();
  const handlers: Handlers = {
    start: (_, origin, options) => {
      if (disposed) throw disposedError();
      if (started) throw new UsageError("The worker has a model already; start another worker for another.");
      const { graph, state } =
        "file" in origin
          ? modelFromBytes(origin.file, origin.sourceName)
          : { graph: graphFromConfig(origin.layers, origin.inputShape), state: options.state };
      started = new Model(graph, { ...options, state, platform });
      const { name, seed, inputShape } = started;
      return { name, seed, inputShape, layers: graphConfig(graph) };
    },
    compile: (_, options) => void model().compile(options),
    fitSettings: (_, data, options) => model().fitSettings(data, options),
    fit,
    predict: (_, images, options) => model().predict(images, options),
    evaluate: (_, set, options) => model().evaluate(set, options),
    classifyImages: (_, images, options) => model().classifyImages(images, options),
    explain: (_, images, options) => model().explain(images, options),
    calibrate: (_, set, options) => model().calibrate(set, options),
    getWeights: (_, options) => model().getWeights(options),
    setWeights: (_, tensors) => model().setWeights(tensors),
    reset: () => model().reset(),
    toBytes: (_, options) => model().toBytes(options),
    checkpoint: () => model().checkpoint(),
    dispose: async () => {
      disposed = true;
      for (const line of fits.values()) line.letGo();
      await started?.dispose();
      // Fits end as they were let go; heat maps are worked out on a network of their own, outside of the model's turns.
      await Promise.allSettled(answering);
      await cleanUp();
    },
  };

  const answer = async ({ call, name, args }: Extract<Request, { kind: "call" }>): Promise<void> => {
    try {
      const handler = handlers[name] as (call: number, ...args: unknown[]) => unknown;
      const value = await handler(call, ...args);
      send({ kind: "done", call, value }, name in givenAway ? buffersOf(value) : []);
    } catch (error) {
      send({ kind: "failed", call, error: sentError(error) });
    }
  };

  port.addEventListener("message", ({ data: request }) => {
    if (request.kind === "call") {
      const answered = answer(request);
      if (request.name === "dispose") return;
      answering.add(answered);
      void answered.finally(() => answering.delete(answered));
      return;
    }
    const line = fits.get(request.call);
    if (request.kind === "next") line?.next();
    else if (request.kind === "leave") line?.leave();
    else if (line) line.aborted = true;
  });
}

const factsOf = ({
  loss,
  normalization,
  classNames,
  preparation,
  calibration,
  epochsDone,
}: Model): Facts => ({
  loss,
  normalization,
  classNames,
  preparation,
  calibration,
  epochsDone,
});

/** A model changes none of them in place. */
function sameFacts(facts: Facts, before: Facts | undefined): boolean {
  const names = Object.keys(facts) as (keyof Facts)[];
  return names.every((name) => facts[name] === before?.[name]) && before !== undefined;
}

/** Calls whose answers are copies that the model keeps no part of: their memory goes to the page. */
const givenAway: Partial<Record<CallName, true>> = { predict: true, getWeights: true, toBytes: true };

function buffersOf(value: unknown): ArrayBuffer[] {
  const views = Array.isArray(value) ? value.map(({ data }) => data) : [value];
  return [...new Set(views.map(({ buffer }: { buffer: ArrayBuffer }) => buffer))];
}
