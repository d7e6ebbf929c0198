import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { HeddleError } from "../../core/errors.js";
import type { Evaluation } from "../../core/metrics/evaluation.js";
import type { EpochRecord } from "../../core/training/events.js";
import type { Environment } from "../environment.js";
import { errorCode, fileErrorWords } from "../file-errors.js";
import { type Lock, lockFolder } from "../lock.js";
import { writeFileWhole } from "../write-file.js";
import { exists, existsError, isUnbegun, makeNew, makeParent, runLockName } from "./new-folder.js";
import { checkJson, parseRunConfig, type RunConfig } from "./run-config.js";

/** Which of a run's weights: of its best epoch, of its last one, or of the moment it was interrupted. */
export type WeightsName = "best" | "last" | "interrupted";

export const weightsNames: readonly WeightsName[] = ["best", "last", "interrupted"];

/** `environment.json`: what a run ran on; none of it changes its result. */
export interface RunEnvironment extends Environment {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly threads: number;
  readonly relaxedSimd: boolean;
  readonly arenaBytes: number;
}

/** What a run went on with after a stop: an entry of `resumed` in `environment.json`. */
export interface ResumedEnvironment extends RunEnvironment {
  /** Before it went on. */
  readonly epochsDone: number;
}

/** A line of `history.jsonl`. */
export const epochSchema = z.object({
  epoch: z.number().int().positive(),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  learningRate: z.number(),
  seconds: z.number(),
});

const environmentSchema = z.looseObject({
  startedAt: z.string(),
  threads: z.number(),
  resumed: z.array(z.looseObject({})).optional(),
});

const evaluationSchema = z.looseObject({ n: z.number(), accuracy: z.number(), loss: z.number() });

/** A folder that holds all there is of one run. Each file in it is whole at any moment. */
export class RunFolder {
  readonly path: string;
  #history: readonly EpochRecord[] = [];

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder of a new run, or takes one over in which none began.
   *
   * @throws HeddleError when there is something else at its place already, or it can't be made.
   */
  static async create(path: string): Promise<RunFolder> {
    await makeParent(path);
    if (!(await makeNew(path))) await RunFolder.requireFree(path);
    return new RunFolder(path);
  }

  /** Makes `runs/<UTC time>-<model>` in a folder, with a number behind it where that exists. */
  static async createNamed(parent: string, model: string, now = new Date()): Promise<RunFolder> {
    const name = join(parent, `${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z-${model}`);
    await makeParent(name);
    for (let number = 1; ; number++) {
      const path = number === 1 ? name : `${name}-${number}`;
      if (await makeNew(path)) return new RunFolder(path);
    }
  }

  /**
   * Whether a new run may be kept at a path: there is nothing, or a folder that holds no more than what a run leaves
   * that is cut off before its configuration is written.
   *
   * @throws HeddleError when something else is there.
   */
  static async requireFree(path: string): Promise<void> {
    if ((await exists(path)) && !(await isUnbegun(path))) throw existsError(path);
  }

  /** @throws HeddleError when there is no folder. */
  static async open(path: string): Promise<RunFolder> {
    const found = await stat(path).catch((cause: unknown) => {
      throw new HeddleError(
        `There is no run at ${path}: ${fileErrorWords(cause)}. \`heddle runs\` lists the runs that there are.`,
        { cause },
      );
    });
    if (!found.isDirectory()) {
      throw new HeddleError(
        `${path} is a file; a run is a folder. \`heddle runs\` lists the runs that there are.`,
      );
    }
    return new RunFolder(path);
  }

  /**
   * Makes sure that one process at a time trains in the folder. Reading it, and judging what is in it, needs no lock.
   *
   * @throws HeddleError where another process does.
   */
  async lock(): Promise<Lock> {
    return lockFolder(this.path, runLockName);
  }

  async writeConfig(config: RunConfig): Promise<void> {
    await this.#write("config.json", json(config));
  }

  async writeEnvironment(environment: RunEnvironment): Promise<void> {
    await this.#write("environment.json", json(environment));
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
    await this.#write("environment.json", json({ ...first, resumed: [...resumed, environment] }));
  }

  /** Adds a line to `history.jsonl`. */
  async addEpoch(record: EpochRecord): Promise<void> {
    await this.restoreHistory([...this.#history, record]);
  }

  /** Makes these the lines of `history.jsonl`. */
  async restoreHistory(history: readonly EpochRecord[]): Promise<void> {
    await this.#write("history.jsonl", history.map((epoch) => `${JSON.stringify(epoch)}\n`).join(""));
    this.#history = history;
  }

  async writeWeights(name: WeightsName, bytes: Uint8Array): Promise<void> {
    await this.#write(`${name}.safetensors`, bytes);
  }

  /** `evaluation.json` for the best weights, `evaluation-last.json` and so on for others. */
  async writeEvaluation(evaluation: Evaluation, weights: WeightsName = "best"): Promise<string> {
    const name = weights === "best" ? "evaluation.json" : `evaluation-${weights}.json`;
    await this.#write(name, json(evaluation));
    return join(this.path, name);
  }

  /** @throws HeddleError when it is missing, cut off, or something else. */
  async readConfig(): Promise<RunConfig> {
    const file = join(this.path, "config.json");
    const text = await this.#read("config.json");
    if (text === undefined) {
      throw new HeddleError(
        (await isUnbegun(this.path))
          ? `${this.path} is not a whole run: it has no config.json, for it was cut off before training began. There is nothing to go on with; a new run may be trained in this folder.`
          : `${this.path} is not a whole run: it has no config.json. It is another folder, or that file was deleted.`,
      );
    }
    return parseRunConfig(parseJson(text, file), file);
  }

  /** Undefined where the run was cut off before it was written. */
  async readEnvironment(): Promise<z.infer<typeof environmentSchema> | undefined> {
    return this.#readJson("environment.json", environmentSchema);
  }

  /** The epochs done; none where the first one never ended. */
  async readHistory(): Promise<readonly EpochRecord[]> {
    const file = join(this.path, "history.jsonl");
    const lines = (await this.#read("history.jsonl"))?.split("\n").filter((line) => line !== "") ?? [];
    return lines.map((line, index) => {
      const place = `${file}, line ${index + 1},`;
      return checkJson(epochSchema, parseJson(line, place), place);
    });
  }

  /** The epochs done whose lines are whole, in order; those of a line that is cut off or damaged are missing. */
  async readWholeHistory(): Promise<readonly EpochRecord[]> {
    const lines = (await this.#read("history.jsonl"))?.split("\n") ?? [];
    const byEpoch = new Map<number, EpochRecord>();
    for (const line of lines) {
      const record = epochSchema.safeParse(jsonOrUndefined(line));
      if (record.success && !byEpoch.has(record.data.epoch)) byEpoch.set(record.data.epoch, record.data);
    }
    return [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch);
  }

  /** Where the judgement of the best weights is kept. */
  get evaluationFile(): string {
    return join(this.path, "evaluation.json");
  }

  /** The headline figures of the best weights on the test set; undefined where they were not judged. */
  async readEvaluation(): Promise<{ n: number; accuracy: number; loss: number } | undefined> {
    return this.#readJson("evaluation.json", evaluationSchema);
  }

  /** @throws HeddleError when there are no such weights. */
  async readWeights(name: WeightsName): Promise<{ bytes: Uint8Array; file: string }> {
    const file = join(this.path, `${name}.safetensors`);
    try {
      return { bytes: await readFile(file), file };
    } catch (cause) {
      if (errorCode(cause) !== "ENOENT") {
        throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
      }
      throw new HeddleError(`${this.path} has no ${name}.safetensors: ${absence[name]}`, { cause });
    }
  }

  async #write(name: string, content: Uint8Array | string): Promise<void> {
    await writeFileWhole(join(this.path, name), content);
  }

  async #read(name: string): Promise<string | undefined> {
    const file = join(this.path, name);
    try {
      return await readFile(file, "utf8");
    } catch (cause) {
      if (errorCode(cause) === "ENOENT") return undefined;
      throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
    }
  }

  async #readJson<Output>(name: string, wanted: z.ZodType<Output>): Promise<Output | undefined> {
    const text = await this.#read(name);
    if (text === undefined) return undefined;
    const file = join(this.path, name);
    return checkJson(wanted, parseJson(text, file), file);
  }
}

const absence: Readonly<Record<WeightsName, string>> = {
  best: "no epoch of it ended. Train it again.",
  last: "no epoch of it ended. Train it again.",
  interrupted: "it was not interrupted. Take --weights best or last.",
};

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeddleError(
      `${file} is not JSON${text.trim() === "" ? ", it is empty" : ""}: it was cut off, or changed by hand.`,
      { cause },
    );
  }
}
