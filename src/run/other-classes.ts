import type { Dataset } from "../core/data/dataset.js";
import type { Model } from "../core/training/model.js";

/** Labels of pictures are counted by their names: of others they would be held against the wrong classes. */
export function otherClasses(
  model: Pick<Model, "classNames" | "preparation">,
  { name, preparation, classNames }: Pick<Dataset, "name" | "preparation" | "classNames">,
): string | undefined {
  if (!model.preparation || !preparation) return undefined;
  const at = classNames.findIndex((each, label) => each !== model.classNames[label]);
  if (at === -1) return undefined;
  const [ours, theirs] = [model.classNames[at], classNames[at]].map((each) => JSON.stringify(each));
  return `tells other classes apart than ${name} has: its class ${at} is ${ours}, there it is ${theirs}`;
}
