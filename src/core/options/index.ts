export { convertedBy } from "./converted-by.js";
export { checkValue, kindOfValue, type OptionKind, Refusal, refusal } from "./kind.js";
export {
  choice,
  either,
  flag,
  functionKind,
  listOf,
  shape,
  sizePair,
  type TypedArrayName,
  text,
  typedArray,
  withMethods,
  wrapWords,
} from "./kinds.js";
export { nearestName } from "./nearest.js";
export {
  epsilonNumber,
  isFiniteFloat,
  type NumberBounds,
  number,
  range,
  share,
  wholeNumber,
} from "./numbers.js";
export { type OptionListSettings, readOptionList } from "./option-list.js";
export type { Optional, Settled } from "./optional.js";
export { quoted, received } from "./received.js";
export {
  type AnyOption,
  type AnyOptionTable,
  checkedOptions,
  describeOptions,
  type OptionDescription,
  type OptionTable,
  optionsOf,
  optionValues,
  plainOptions,
  type ResolvedOptions,
  type ResolveSettings,
  resolveOptions,
} from "./table.js";
