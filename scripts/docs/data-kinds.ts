import { dataKinds } from "#heddle/node/data/recognize.js";
import { unreadKinds } from "#heddle/node/data/unsupported.js";
import { markdownTable } from "./results.js";

/** Every kind of data set, as its definition has it. */
export const dataKindsSection = (): string =>
  markdownTable(
    ["kind", "what it is", "what it is told by", "such as", "its options"],
    dataKinds.map(({ name, meaning, told, example, reads }) => [
      `\`${name}\``,
      meaning,
      told,
      `\`--data ${example}\``,
      reads.map((option) => `\`${option}\``).join(", ") || "–",
    ]),
    5,
  );

/** What is known and not read. */
export const unreadKindsSection = (): string =>
  markdownTable(
    ["what", "how it becomes what is read"],
    unreadKinds.map(({ what, mend }) => [what, mend]),
    2,
  );
