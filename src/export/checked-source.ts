import { UsageError } from "../core/errors.js";
import { ownMembers } from "../core/formats/arguments.js";
import { checkedContents, isModel } from "../core/formats/model-file.js";
import { checkValue, text } from "../core/options/index.js";
import type { ExportSource } from "./export-source.js";

/**
 * What somebody hands over to be taken elsewhere, read once.
 *
 * @param owner begins errors
 * @throws UsageError on what is none
 */
export function checkedSource(owner: string, given: ExportSource): ExportSource {
  if (isModel(given))
    throw new UsageError(
      `${owner} takes a model at rest and what names it, but got a model: with bytes of await model.toBytes(), give ` +
        `{ name: "clothes", contents: decodeModel(bytes, "the model"), digest: modelDigest(bytes, "the model") }.`,
    );
  const source = ownMembers(owner, "source", given);
  checkValue(owner, "name", source.name, text());
  checkValue(owner, "digest", source.digest, text());
  return { ...source, contents: checkedContents(owner, source.contents) };
}
