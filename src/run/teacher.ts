import type { Dataset } from "../core/data/dataset.js";
import { checkViews, type ViewOptions, viewsKind } from "../core/data/views.js";
import { HeddleError } from "../core/errors.js";
import { encodeSafetensors } from "../core/formats/index.js";
import { readOwnFile, version } from "../core/formats/own-file.js";
import { usualLoss } from "../core/loss.js";
import {
  kindOfValue,
  type OptionTable,
  optionsOf,
  type ResolvedOptions,
  text,
} from "../core/options/index.js";
import { misfit } from "../core/training/check-data.js";
import { type DistillationOptions, distillationOptions } from "../core/training/distillation.js";
import { Model } from "../core/training/model.js";
import { modelFromBytes } from "../core/training/model-from-bytes.js";
import { type RunHost, refuseStopped, type StopSignal } from "./host.js";
import { predictParts } from "./judge.js";
import { otherClasses } from "./other-classes.js";
import { digestOf } from "./receipt/digests.js";
import { type TeacherRecord, teacherFormat } from "./teacher-record.js";

/** A model that was trained before, for a run to be taught by: see `DistillationOptions` for what that comes to. */
export interface RunTeacher extends Omit<DistillationOptions, "probabilities"> {
  /** The bytes of its model file, such as `best.safetensors` of another run on the same images. */
  readonly model: Uint8Array;
  /** What people call it (default "teacher"). */
  readonly name?: string | undefined;
  /** Views of each training image that its probabilities are the mean over (default, "none" or null: the image alone). */
  readonly views?: string | ViewOptions | null | undefined;
}

const { probabilities: _, ...shares } = distillationOptions;

const teacherOptions = {
  model: {
    meaning: "the bytes of its model file",
    kind: kindOfValue<Uint8Array>("the bytes of a model file", (value) => value instanceof Uint8Array),
  },
  name: { meaning: "what people call it", kind: text(/^[^\0]+$/u, "a name"), default: "teacher" },
  views: {
    meaning: "views of each image that its probabilities are the mean over",
    kind: viewsKind,
    otherwise: "the image alone",
  },
  ...shares,
} satisfies OptionTable<RunTeacher>;

export const teacherKind = optionsOf(teacherOptions);

export type ResolvedTeacher = ResolvedOptions<typeof teacherOptions>;

/** What a run is taught: the record of it, its file, and the probabilities in that. */
export interface Teaching {
  readonly record: TeacherRecord;
  readonly file: Uint8Array;
  /** [N, classes], N all training images. */
  readonly probabilities: Float32Array;
}

/**
 * Asks a teacher for what it says of each training image.
 *
 * @throws HeddleError where it is no model, or not one for these images. @throws the signal's reason where it told to stop
 */
export async function askTeacher(
  { model: bytes, name, views, weight, temperature, softens }: ResolvedTeacher,
  dataset: Dataset,
  context: {
    readonly host: RunHost;
    readonly portable: boolean;
    readonly threads?: number;
    readonly signal?: StopSignal;
  },
): Promise<Teaching> {
  const { host, portable, threads, signal } = context;
  const { imageShape, classNames, train } = dataset;
  const { graph, state } = modelFromBytes(bytes, `The teacher ${JSON.stringify(name)}`);
  const { platform, createNetwork } = host;
  const model = new Model(graph, { name, state, platform, createNetwork });
  try {
    const unfit = misfit(dataset, model)?.what ?? otherClasses(model, dataset);
    if (unfit !== undefined) {
      throw new HeddleError(
        `The teacher ${JSON.stringify(name)} ${unfit}. Take one that was trained on these images.`,
      );
    }
    if (model.loss !== usualLoss) {
      throw new HeddleError(
        `The teacher ${JSON.stringify(name)} was trained for ${model.loss}, and says no class of an image. Take one that was trained for ${usualLoss}.`,
      );
    }
    if (views) checkViews(views, imageShape);
    model.compile({ threads, portable });
    const all = Uint32Array.from({ length: train.count }, (__, index) => index);
    const asked = { platform, signal, views };
    const probabilities = await predictParts(model, train.images, all, "train.images", asked);
    refuseStopped(signal);
    if (!probabilities) throw new Error("A teacher stopped without being told to.");
    const shape = [train.count, classNames.length];
    const file = encodeSafetensors([{ name: "probabilities", shape, data: probabilities }], {
      format: teacherFormat.format,
      version,
    });
    const record: TeacherRecord = {
      name,
      digest: digestOf(bytes, host),
      ...(views && { views }),
      weight,
      temperature,
      softens,
      targets: digestOf(file, host),
    };
    return { record, file, probabilities };
  } finally {
    await model.dispose();
  }
}

/**
 * The probabilities of a run's `teacher.safetensors`.
 *
 * @param source the file, for errors
 * @throws HeddleError where it is damaged, or another run's
 */
export function readTeaching(
  file: Uint8Array,
  source: string,
  { targets }: TeacherRecord,
  host: Pick<RunHost, "sha256">,
): Teaching["probabilities"] {
  const { tensors, damaged } = readOwnFile(file, source, teacherFormat);
  const here = digestOf(file, host);
  if (here !== targets) {
    throw new HeddleError(
      `${source} is of another run: its SHA-256 is ${here}, and the run's configuration says ${targets}. Put the run's own file back.`,
    );
  }
  const found = tensors.find(({ name }) => name === "probabilities");
  return found?.data ?? damaged("it has no probabilities");
}
