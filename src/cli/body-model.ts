import { HeddleError } from "../core/errors.js";
import { graphFromConfig } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import { bodyOf, type Unfreeze } from "../core/transfer/index.js";
import { arePictures } from "../node/data/are-pictures.js";
import type { DataSetOptions } from "../node/data/load.js";
import { diskStore } from "../node/disk-store.js";
import { type ReadBody, readBody } from "../node/read-body.js";
import type { BodyModel } from "../run/body-model.js";
import type { DataOptions } from "../run/host.js";
import { onBody } from "../run/on-body.js";
import { RunFolder } from "../run/run-folder.js";
import { hasFile } from "../run/store.js";
import { requireFinished } from "./finished-run.js";

/** What a body of any size is fine-tuned on, as a share of what it was made for: a quarter less work for it. */
const fineTuned = 6 / 7;

/** A multiple of this many pixels is halved five times without a rest. */
const wholeHalvings = 32;

/** A model that stands on a body, and images as that body takes them. */
export async function bodyModel(
  from: string,
  {
    unfreeze,
    batchNorm,
    settings,
  }: {
    readonly unfreeze: Unfreeze;
    readonly batchNorm: "keep" | "move" | undefined;
    readonly settings: { readonly data: string; readonly dataOptions?: DataOptions };
  },
): Promise<{ readonly model: BodyModel; readonly dataOptions?: DataOptions }> {
  const body = await readBody(from);
  if (body.file !== from) await requireFinishedBody(from, body.file);
  const model = onBody(body.contents, { name: body.name, unfreeze, batchNorm });
  if (!(await arePictures(settings.data, settings.dataOptions?.kind)))
    return { model, dataOptions: settings.dataOptions };
  const [height, width, channels] = body.contents.inputShape;
  checkPictures(body, settings.dataOptions as Asked | undefined);
  const size = unfreeze === "none" ? [height, width] : [height, width].map((pixels) => smaller(body, pixels));
  return { model, dataOptions: { size, channels, ...settings.dataOptions } };
}

/** A folder with weights and no configuration is taken as it is. */
async function requireFinishedBody(place: string, file: string): Promise<void> {
  const store = diskStore(place);
  if (!(await hasFile(store, "config.json"))) return;
  const folder = await RunFolder.open(store);
  const run = { folder, config: await folder.readConfig() };
  await requireFinished({ what: "body", option: "--from", place, file, run });
}

type Asked = Pick<DataSetOptions, "size" | "channels">;

/** Before any picture is decoded. @throws HeddleError where the body doesn't take images of what was asked for */
function checkPictures({ contents }: ReadBody, asked: Asked = {}): void {
  const { inputShape: own } = contents;
  const { size = [own[0], own[1]], channels = own[2] } = asked;
  const [height, width] = typeof size === "number" ? [size, size] : size;
  bodyAt(contents, [height, width, channels]);
}

/** What is quicker to train on, where the body takes it and it is known to be enough. */
function smaller({ contents }: ReadBody, pixels: number): number {
  const less = Math.round((pixels * fineTuned) / wholeHalvings) * wholeHalvings;
  return pixels > 128 && takes(contents, [less, less, contents.inputShape[2]]) ? less : pixels;
}

/** A body for images of a shape. @throws HeddleError where it takes none such */
const bodyAt = ({ layers, inputShape: own }: ReadBody["contents"], inputShape: Shape) =>
  bodyOf(graphFromConfig(layers, own), inputShape);

function takes(contents: ReadBody["contents"], inputShape: Shape): boolean {
  try {
    bodyAt(contents, inputShape);
    return true;
  } catch (error) {
    if (error instanceof HeddleError) return false;
    throw error;
  }
}
