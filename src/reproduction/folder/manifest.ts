import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Dataset } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import { errorCode, fileErrorWords } from "../../node/file-errors.js";
import { heddleVersion } from "../../node/version.js";
import { writeFileWhole } from "../../node/write-file.js";
import { isWrittenPage } from "../../node/written-page.js";
import { checkJson } from "../../run/check-json.js";
import { type ImagesMark, imagesMark } from "../../run/images-mark.js";
import type { Protocol } from "../plan/protocol.js";
import { ReproductionError } from "../reproduction-error.js";
import { firstDifference } from "./difference.js";
import { readableJson } from "./readable-json.js";

/** A data set's name, and what tells whether another is the same. */
interface DataMark {
  readonly name: string;
  readonly trainingImages: ImagesMark;
  readonly testImages: ImagesMark;
}

/** `reproduction.json`: what all trials of a results folder have in common. */
interface Manifest {
  readonly format: 1;
  readonly heddle: string;
  readonly quick: boolean;
  readonly data: DataMark;
  /** Those that were run here, or stood before them, in order. */
  readonly protocols: readonly KeptProtocol[];
}

type KeptProtocol = Omit<Protocol, "settings"> & { readonly settings: object };

const name = "reproduction.json";

/** In a results folder while a process works in it. */
export const lockName = "reproduction.lock";

/** Where a reproduction keeps what `heddle bench … --json` printed. */
export const epochTimesFile = "epoch-times.json";

const imagesSchema = z.object({ count: z.number(), checksum: z.number() });

const schema = z.object({
  format: z.number(),
  heddle: z.string(),
  quick: z.boolean(),
  data: z.object({ name: z.string(), trainingImages: imagesSchema, testImages: imagesSchema }),
  protocols: z.array(
    z.object({
      name: z.string(),
      why: z.string(),
      searchTrial: z.string().optional(),
      settings: z.looseObject({}),
    }),
  ),
});

type KeptManifest = z.infer<typeof schema>;

export function markOf({ name, train, test }: Dataset): DataMark {
  return { name, trainingImages: imagesMark(train), testImages: imagesMark(test) };
}

export interface WantedManifest {
  readonly quick: boolean;
  /** Left out where the data is not at hand yet: then it is not compared. */
  readonly data?: DataMark;
  readonly protocols: readonly Protocol[];
}

/**
 * Holds a results folder against the reproduction that is to go on in it.
 *
 * @throws HeddleError where it holds other things, or was made by another version, of other data, or otherwise.
 */
export async function checkFolder(folder: string, wanted: WantedManifest): Promise<KeptManifest | undefined> {
  const kept = await readManifest(folder);
  if (!kept) {
    await refuseOtherThings(folder);
    return undefined;
  }
  const file = join(folder, name);
  if (kept.format !== 1 || kept.heddle !== heddleVersion()) {
    throw new ReproductionError(
      "folder",
      `${folder} was made by heddle ${kept.heddle}, and this is ${heddleVersion()}: what two versions train is not put into one table. Choose another folder, or go on with heddle ${kept.heddle}.`,
    );
  }
  if (kept.quick !== wanted.quick) {
    throw kept.quick
      ? new ReproductionError(
          "quickFolder",
          `${folder} holds a quick run, which is no reproduction, and a reproduction does not go on from it. Choose another folder, or go on with the quick run.`,
        )
      : new ReproductionError(
          "wholeFolder",
          `${folder} holds a reproduction, and a quick run, which is none, does not go beside it. Choose another folder, or go on with the reproduction.`,
        );
  }
  const data = wanted.data && firstDifference(kept.data, wanted.data);
  if (data) {
    throw new ReproductionError(
      "otherData",
      `${folder} holds a reproduction on other data: its ${data.place} is ${data.kept}, here it is ${data.wanted}. Give the same data, or choose another folder.`,
    );
  }
  for (const { name: protocol, settings } of wanted.protocols) {
    const before = kept.protocols.find((each) => each.name === protocol);
    const changed = before && firstDifference(before.settings, settings);
    if (!changed) continue;
    throw new ReproductionError(
      "folder",
      `The protocol ${protocol} was changed under its name: its ${changed.place} is ${changed.kept} in ${file}, here it is ${changed.wanted}. Give the changed one another name, and both are kept; or choose another folder.`,
    );
  }
  return kept;
}

/** Checks a results folder and writes down in it what is new: protocols, and other words for those that are there. */
export async function prepareFolder(folder: string, wanted: Required<WantedManifest>): Promise<void> {
  const kept = await checkFolder(folder, wanted);
  const before: readonly KeptProtocol[] = kept?.protocols ?? [];
  const added = wanted.protocols.filter((each) => before.every((other) => other.name !== each.name));
  const protocols = [
    ...before.map((each) => wanted.protocols.find((other) => other.name === each.name) ?? each),
    ...added,
  ];
  if (kept && !firstDifference(before, protocols)) return;
  const { quick, data } = wanted;
  const manifest: Manifest = { format: 1, heddle: heddleVersion(), quick, data, protocols };
  await writeFileWhole(join(folder, name), readableJson(manifest));
}

/** `reproduction.json` of a results folder; undefined where there is none. @throws HeddleError on a damaged one. */
export async function readManifest(folder: string): Promise<KeptManifest | undefined> {
  const file = join(folder, name);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
  });
  if (text === undefined) return undefined;
  try {
    return checkJson(schema, JSON.parse(text), file);
  } catch (cause) {
    const reason = cause instanceof HeddleError ? cause.message : `${file} is not JSON: it was cut off.`;
    throw new ReproductionError("folder", `${reason} Put it back, or choose another folder.`, { cause });
  }
}

const page = "index.html";

/**
 * A folder without a manifest may be new, hold nothing, or hold what was copied from a reproduction: trials, a page of
 * heddle's, and beside these what is made with them.
 */
async function refuseOtherThings(folder: string): Promise<void> {
  const names: readonly string[] = await readdir(folder).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return [];
    throw new HeddleError(`${folder} can't hold a reproduction: ${fileErrorWords(cause)}.`, { cause });
  });
  const ownPage = names.includes(page) && (await isWrittenPage(join(folder, page)));
  const ours = [
    "trials",
    "earlier",
    epochTimesFile,
    ...(ownPage ? [page] : []),
    ...(ownPage || names.includes("trials") ? ["tables", "figures"] : []),
  ];
  const others = names.filter(
    (each) => !ours.includes(each) && !each.startsWith(lockName) && !each.endsWith(".tmp"),
  );
  if (others.length === 0) return;
  const shown = others.slice(0, 3).join(", ") + (others.length > 3 ? ", …" : "");
  throw new ReproductionError(
    "folder",
    `${folder} holds other things (${shown}) and no ${name}, so it is no reproduction's folder. Choose a new one.`,
  );
}
