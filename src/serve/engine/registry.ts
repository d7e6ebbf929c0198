import { messageOf } from "../../core/errors.js";
import type { WeightsName } from "../../run/run-folder.js";
import { type ModelToServe, modelNames, readModelFile } from "../model-file.js";
import { ServedModel, type ServedModelOptions } from "./served-model.js";

/** What became of a model that was read again. */
export interface Reloaded {
  readonly model: string;
  readonly outcome: "kept" | "replaced" | "failed";
  /** Now at work. */
  readonly version: string;
  /** Why it failed. */
  readonly error?: string;
}

interface Place {
  readonly model: ModelToServe;
  served: ServedModel;
}

export interface RegistryOptions extends Omit<ServedModelOptions, "onEnd"> {
  readonly weights: WeightsName;
  /** Told of a model whose thread ended, and of what was done about it. */
  readonly onTrouble: (model: string, words: string) => void;
}

/** Milliseconds after which a model whose thread ended is started again. */
const patience = 1000;

/** The models that are served, by their names. */
export class Registry {
  readonly #places = new Map<string, Place>();
  readonly #leaving = new Set<Promise<void>>();
  /** Models start one after another: they try processors out, which wants those to be idle. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(private readonly options: RegistryOptions) {}

  /** @throws HeddleError where one of them can't be read or run; none is left at work then */
  static async start(models: readonly ModelToServe[], options: RegistryOptions): Promise<Registry> {
    const registry = new Registry(options);
    const names = modelNames(models);
    try {
      for (const [index, model] of models.entries()) {
        const served = await registry.#serve(model, names[index]);
        registry.#places.set(names[index], { model, served });
      }
      return registry;
    } catch (error) {
      await registry.close();
      throw error;
    }
  }

  /** In the order in which they were given. */
  get models(): readonly ServedModel[] {
    return [...this.#places.values()].map(({ served }) => served);
  }

  find(name: string): ServedModel | undefined {
    return this.#places.get(name)?.served;
  }

  /**
   * Reads all models again. One whose file has changed is replaced when the new one is ready; the old one answers what it has
   * accepted. One that can't be read any more stays as it is.
   */
  reload(): Promise<Reloaded[]> {
    return this.#inTurn(async () => {
      const outcomes: Reloaded[] = [];
      for (const [name, place] of this.#places) outcomes.push(await this.#renew(name, place));
      return outcomes;
    });
  }

  /** Answers what was accepted, and ends all threads. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last.catch(() => undefined);
    for (const { served } of this.#places.values()) this.#leave(served);
    await Promise.all(this.#leaving);
  }

  async #renew(name: string, place: Place): Promise<Reloaded> {
    const { served: before } = place;
    try {
      const file = await readModelFile(place.model, name, this.options.weights);
      if (this.#closed || (file.digest === before.digest && before.ready))
        return { model: name, outcome: "kept", version: before.version };
      place.served = await ServedModel.start(file, this.#servedOptions());
      this.#leave(before);
      return { model: name, outcome: "replaced", version: place.served.version };
    } catch (error) {
      const words = messageOf(error);
      return { model: name, outcome: "failed", version: before.version, error: words };
    }
  }

  async #serve(model: ModelToServe, name: string): Promise<ServedModel> {
    return ServedModel.start(await readModelFile(model, name, this.options.weights), this.#servedOptions());
  }

  #servedOptions(): ServedModelOptions {
    return { ...this.options, onEnd: (model, reason) => this.#revive(model, reason) };
  }

  /** A thread that ended by itself is started again, from what its place holds by then. */
  #revive(served: ServedModel, reason: Error): void {
    const { name } = served;
    this.options.onTrouble(name, `The model's thread ended: ${reason.message} It is started again.`);
    const again = (): void => {
      if (this.#closed || this.find(name) !== served) return;
      void this.#inTurn(async () => {
        const place = this.#places.get(name);
        if (this.#closed || place?.served !== served) return;
        const { outcome, error = "" } = await this.#renew(name, place);
        if (outcome !== "failed") return;
        this.options.onTrouble(name, `The model could not be started again: ${error}`);
        setTimeout(again, 10 * patience).unref();
      });
    };
    setTimeout(again, patience).unref();
  }

  #leave(served: ServedModel): void {
    const leaving = served.close().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
