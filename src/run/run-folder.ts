import * as z from "zod";
import { HeddleError } from "../core/errors.js";
import { checkJson } from "./check-json.js";
import { evaluationSchema, type RunEvaluation } from "./evaluation-schema.js";
import type { Environment } from "./host.js";
import { parseJsonText, readJsonFile, readText, writeJsonFile } from "./json-file.js";
import type { RunJudgement } from "./judge.js";
import { isUnbegun } from "./new-run.js";
import {
  decodePredictions,
  encodePredictions,
  predictionsFile,
  type RunPredictions,
} from "./predictions-file.js";
import { configText, parseReceipt, type Receipt, receiptFile, receiptText } from "./receipt/receipt.js";
import { parseRunConfig, type RunConfig } from "./run-config.js";
import { epochSchema, type RunEpoch } from "./run-epoch.js";
import { RunError } from "./run-error.js";
import { hasFile, type Lock, type Store } from "./store.js";
import { teacherFile } from "./teacher-record.js";

/**
 * Which of a run's weights: of its best epoch, of its last one, or of the moment it was interrupted. Where the run keeps
 * an average of its weights, "best" is that, as it was after the best epoch; the others are the trained ones.
 */
export type WeightsName = "best" | "last" | "interrupted";

export const weightsNames: readonly WeightsName[] = ["best", "last", "interrupted"];

/** `environment.json`: what a run ran on; none of it changes its result. */
export interface RunEnvironment extends Environment {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Threads that computed. */
  readonly threads: number;
  /** Whether multiply and add were fused. */
  readonly relaxedSimd: boolean;
  /** Bytes of memory planned for the model and its steps. */
  readonly arenaBytes: number;
  /** How many images trained: left out of older runs. */
  readonly trainImages?: number;
  /** How many validated. */
  readonly validationImages?: number;
}

/** What a run went on with after a stop: an entry of `resumed` in `environment.json`. */
export interface ResumedEnvironment extends RunEnvironment {
  /** Before it went on. */
  readonly epochsDone: number;
}

const environmentSchema = z.looseObject({
  startedAt: z.string(),
  threads: z.number(),
  trainImages: z.number().optional(),
  validationImages: z.number().optional(),
  resumed: z.array(z.looseObject({})).optional(),
});

const figuresSchema = z.looseObject({ n: z.number(), accuracy: z.number(), loss: z.number() });

const evaluationFile = "evaluation.json";

/** What people want to remember of a run. */
export const noteFile = "note.txt";

const firstFile = "first.safetensors";

/** All there is of one run, as files in a store. Each of them is whole at any moment. */
export class RunFolder {
  /** Where its files are. */
  readonly store: Store;
  #history: readonly RunEpoch[] = [];

  /** @param store that is there */
  constructor(store: Store) {
    this.store = store;
  }

  /** @throws HeddleError when there is none. */
  static async open(store: Store): Promise<RunFolder> {
    if (await store.list()) return new RunFolder(store);
    throw new RunError(`There is no run at ${store.where}: it does not exist.`, {
      code: "noRun",
      run: store.where,
    });
  }

  /** What people call it. */
  get where(): string {
    return this.store.where;
  }

  /**
   * Makes sure that one at a time trains there. Reading it, and judging what is in it, needs no lock.
   *
   * @throws HeddleError where another one does.
   */
  async lock(): Promise<Lock> {
    return this.store.lock();
  }

  async writeConfig(config: RunConfig): Promise<void> {
    await this.#write("config.json", configText(config));
  }

  async writeEnvironment(environment: RunEnvironment): Promise<void> {
    await writeJsonFile(this.store, "environment.json", environment);
  }

  /**
   * Adds to `environment.json` what a run that goes on runs on now. One that can't be read is begun anew.
   *
   * @param onWarning told so
   */
  async addEnvironment(
    environment: ResumedEnvironment,
    onWarning?: (message: string) => void,
  ): Promise<void> {
    const { epochsDone: _, ...alone } = environment;
    const before = await this.readEnvironment().catch((error: unknown) => {
      if (!(error instanceof HeddleError)) throw error;
      onWarning?.(`${error.message} It is written anew; what the run ran on before is lost.`);
      return undefined;
    });
    const { resumed = [], ...first } = before ?? { ...alone, resumed: [] };
    await writeJsonFile(this.store, "environment.json", { ...first, resumed: [...resumed, environment] });
  }

  /** Adds a line to `history.jsonl`. */
  async addEpoch(record: RunEpoch): Promise<void> {
    await this.restoreHistory([...this.#history, record]);
  }

  /** Makes these the lines of `history.jsonl`. */
  async restoreHistory(history: readonly RunEpoch[]): Promise<void> {
    await this.#write("history.jsonl", history.map((epoch) => `${JSON.stringify(epoch)}\n`).join(""));
    this.#history = history;
  }

  async writeWeights(name: WeightsName, bytes: Uint8Array): Promise<void> {
    await this.#write(weightsFile(name), bytes);
  }

  /** `first.safetensors`: the model that a run on a body begins with. */
  async writeFirst(bytes: Uint8Array): Promise<void> {
    await this.#write(firstFile, bytes);
  }

  /** `teacher.safetensors`: what a teacher says of the images that train. */
  async writeTeacher(bytes: Uint8Array): Promise<void> {
    await this.#write(teacherFile, bytes);
  }

  /** @throws HeddleError where it is missing, or can't be read */
  async readTeacher(): Promise<{ readonly bytes: Uint8Array; readonly file: string }> {
    const file = this.store.place(teacherFile);
    const bytes = await this.store.read(teacherFile);
    if (bytes) return { bytes, file };
    throw new HeddleError(
      `${this.where} has no ${teacherFile}, what its teacher says of each image: the file was deleted. Put it back, or train the run again in a new folder.`,
    );
  }

  /** @throws HeddleError where it is missing, or can't be read */
  async readFirst(): Promise<{ readonly bytes: Uint8Array; readonly file: string }> {
    const file = this.store.place(firstFile);
    const bytes = await this.store.read(firstFile);
    if (bytes) return { bytes, file };
    throw new HeddleError(
      `${this.where} has no ${firstFile}, the weights that it begins with: it was cut off before they were kept, or the file was deleted. Train it again in a new folder.`,
    );
  }

  /** `evaluation.json` for the best weights, `evaluation-last.json` and so on for others. */
  async writeEvaluation(evaluation: RunJudgement, weights: WeightsName = "best"): Promise<string> {
    const name = weights === "best" ? evaluationFile : `evaluation-${weights}.json`;
    await writeJsonFile(this.store, name, evaluation);
    return this.store.place(name);
  }

  /** Takes away what the best and the last weights were judged to be: they are others by now. */
  async removeJudgements(): Promise<void> {
    for (const file of [evaluationFile, "evaluation-last.json", predictionsFile])
      await this.store.remove(file);
  }

  /** `predictions.safetensors`: what the best weights say of the test images. */
  async writePredictions(predictions: RunPredictions): Promise<void> {
    await this.#write(predictionsFile, encodePredictions(predictions));
  }

  /** Undefined where nobody asked to keep them. @throws HeddleError on a damaged file */
  async readPredictions(): Promise<RunPredictions | undefined> {
    const bytes = await this.store.read(predictionsFile);
    return bytes && decodePredictions(bytes, this.store.place(predictionsFile));
  }

  /** `receipt.json`: what it came to, so that others can repeat it. */
  async writeReceipt(receipt: Receipt): Promise<void> {
    await this.#write(receiptFile, receiptText(receipt));
  }

  /** Undefined where it has none: it isn't at its end, or was trained before there were any. @throws HeddleError on one that is damaged */
  async readReceipt(): Promise<Receipt | undefined> {
    const text = await readText(this.store, receiptFile);
    return text === undefined ? undefined : parseReceipt(text, this.store.place(receiptFile));
  }

  /** `note.txt`; an empty one takes it away. */
  async writeNote(note: string): Promise<void> {
    if (note === "") await this.store.remove(noteFile);
    else await this.#write(noteFile, `${note}\n`);
  }

  /** Undefined where nobody noted anything. */
  async readNote(): Promise<string | undefined> {
    return (await readText(this.store, noteFile))?.trim();
  }

  /** @throws HeddleError when it is missing, cut off, or something else. */
  async readConfig(): Promise<RunConfig> {
    return parseRunConfig(await this.readConfigJson(), this.store.place("config.json"));
  }

  /** The configuration as it was written. @throws HeddleError when it is missing or cut off */
  async readConfigJson(): Promise<object> {
    const file = this.store.place("config.json");
    const text = await readText(this.store, "config.json");
    if (text === undefined) {
      throw new HeddleError(
        (await isUnbegun(this.store))
          ? `${this.where} is not a whole run: it has no config.json, for it was cut off before training began. There is nothing to go on with; a new run may be trained in this folder.`
          : `${this.where} is not a whole run: it has no config.json. It is another folder, or that file was deleted.`,
      );
    }
    return parseJsonText(text, file) as object;
  }

  /** Undefined where the run was cut off before it was written. */
  async readEnvironment(): Promise<z.infer<typeof environmentSchema> | undefined> {
    return readJsonFile(this.store, "environment.json", environmentSchema);
  }

  /** The epochs done; none where the first one never ended. */
  async readHistory(): Promise<readonly RunEpoch[]> {
    const file = this.store.place("history.jsonl");
    const lines =
      (await readText(this.store, "history.jsonl"))?.split("\n").filter((line) => line !== "") ?? [];
    return lines.map((line, index) => {
      const place = `${file}, line ${index + 1},`;
      return checkJson(epochSchema, parseJsonText(line, place), place);
    });
  }

  /** The epochs done whose lines are whole, in order; those of a line that is cut off or damaged are missing. */
  async readWholeHistory(): Promise<readonly RunEpoch[]> {
    const lines = (await readText(this.store, "history.jsonl"))?.split("\n") ?? [];
    const byEpoch = new Map<number, RunEpoch>();
    for (const line of lines) {
      const record = epochSchema.safeParse(jsonOrUndefined(line));
      if (record.success && !byEpoch.has(record.data.epoch)) byEpoch.set(record.data.epoch, record.data);
    }
    return [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch);
  }

  /** Whether the best weights were judged on the test set, however whole that file is. */
  async isJudged(): Promise<boolean> {
    return hasFile(this.store, evaluationFile);
  }

  /** The headline figures of the best weights on the test set; undefined where they were not judged. */
  async readEvaluation(): Promise<{ n: number; accuracy: number; loss: number } | undefined> {
    return readJsonFile(this.store, evaluationFile, figuresSchema);
  }

  /** All that is kept of that judgement. */
  async readWholeEvaluation(): Promise<RunEvaluation | undefined> {
    return readJsonFile(this.store, evaluationFile, evaluationSchema);
  }

  /** @throws HeddleError when there are no such weights. */
  async readWeights(name: WeightsName): Promise<{ bytes: Uint8Array; file: string }> {
    const file = weightsFile(name);
    const bytes = await this.store.read(file);
    if (bytes) return { bytes, file: this.store.place(file) };
    const without = `${this.where} has no ${file}:`;
    if (name === "interrupted") {
      const message = `${without} it was not interrupted. Take its best weights or its last ones.`;
      throw new RunError(message, { code: "notInterrupted", run: this.where });
    }
    const trained = (await this.readWholeHistory()).length > 0 || (await this.isJudged());
    throw new HeddleError(
      trained
        ? `${without} the file was deleted. Put it back, or train the run again in a new folder.`
        : `${without} no epoch of it ended. Train it again.`,
    );
  }

  async hasWeights(name: WeightsName): Promise<boolean> {
    return hasFile(this.store, weightsFile(name));
  }

  async #write(name: string, content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await this.store.write(name, bytes);
  }
}

const weightsFile = (name: WeightsName): string => `${name}.safetensors`;

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
