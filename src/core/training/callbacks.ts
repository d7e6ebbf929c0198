import { UsageError } from "../errors.js";
import { nearestName, quoted, received } from "../options/index.js";
import type { EndEvent, EpochEvent, StartEvent, StepEvent, TrainEvent, WarningEvent } from "./events.js";
import { isList } from "./read-parts.js";

type Awaitable = void | Promise<void>;

/** What `fit` calls as it goes; it waits for what is returned. */
export interface FitCallbacks {
  /** Before the first step. */
  readonly onStart?: ((event: StartEvent) => Awaitable) | undefined;
  /** After each step. */
  readonly onStep?: ((event: StepEvent) => Awaitable) | undefined;
  /** After each epoch, its validation included; here `checkpoint` may be called. */
  readonly onEpoch?: ((event: EpochEvent) => Awaitable) | undefined;
  /** When something is probably wrong. */
  readonly onWarning?: ((event: WarningEvent) => Awaitable) | undefined;
  /** At the end, however it came. */
  readonly onEnd?: ((event: EndEvent) => Awaitable) | undefined;
}

const methods = {
  start: "onStart",
  step: "onStep",
  epoch: "onEpoch",
  warning: "onWarning",
  end: "onEnd",
} as const satisfies Record<TrainEvent["event"], keyof FitCallbacks>;

/** What may be called. */
export const callbackNames: readonly string[] = Object.values(methods);

/** Waits for what a callback makes of an event. */
export function tell(callbacks: FitCallbacks, event: TrainEvent): Awaitable {
  const method = methods[event.event] as "onStart";
  return callbacks[method]?.(event as StartEvent);
}

/**
 * Objects of any class may be callbacks, with whatever else they need; but nothing of theirs may look like a
 * callback and never be called.
 *
 * @throws UsageError on what is no list of such objects.
 */
export function checkCallbacks(given: unknown): readonly FitCallbacks[] {
  if (given === undefined) return [];
  const example = "callbacks such as [{ onEpoch: (event) => console.log(event) }]";
  if (!isList(given)) throw new UsageError(`fit takes a list of ${example}, but got ${received(given)}.`);
  for (const [index, callback] of [...given].entries()) {
    if (typeof callback !== "object" || callback === null) {
      throw new UsageError(`fit takes ${example}, but callbacks[${index}] is ${received(callback)}.`);
    }
    try {
      checkNames(callback, index);
    } catch (cause) {
      if (cause instanceof UsageError) throw cause;
      throw new UsageError(`fit: callbacks[${index}] is ${received(callback)} that can't be read.`, {
        cause,
      });
    }
  }
  return [...given] as FitCallbacks[];
}

function checkNames(callback: object, index: number): void {
  const value = (name: string): unknown => Reflect.get(callback, name);
  const isPlain = [Object.prototype, null].includes(Reflect.getPrototypeOf(callback));
  for (const name of namesOf(callback)) {
    if (callbackNames.includes(name)) {
      if (typeof value(name) === "function" || value(name) === undefined) continue;
      throw new UsageError(
        `fit: callbacks[${index}].${name} must be a function, but is ${received(value(name))}.`,
      );
    }
    // A class may have functions of its own; those of a list written out on the spot are all meant to be called.
    if (!/^on[A-Z_]/.test(name) && !(isPlain && typeof value(name) === "function")) continue;
    const nearest = nearestName(name, callbackNames);
    throw new UsageError(
      `fit: callbacks[${index}] has ${quoted(name)}, which nothing calls.${nearest ? ` Did you mean ${nearest}?` : ""} There are ${callbackNames.join(", ")}.`,
    );
  }
  // One that is undefined is left out on purpose.
  if (callbackNames.some((name) => name in callback)) return;
  throw new UsageError(`fit: callbacks[${index}] has none of ${callbackNames.join(", ")}.`);
}

/** Of an object and its classes, but for what every object has. */
function namesOf(callback: object): Set<string> {
  const found = new Set<string>();
  for (let at: object | null = callback; at && at !== Object.prototype; at = Reflect.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) found.add(name);
  }
  return found;
}
