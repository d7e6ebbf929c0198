/** What front matter holds. What is undefined is left out. */
export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

/**
 * A mapping as a block of YAML. Strings are written as JSON, which YAML 1.1 and 1.2 both read as the same text; keys are
 * ours and need no quotes.
 */
export function yaml(mapping: { readonly [key: string]: YamlValue | undefined }): string {
  return lines(mapping, "").join("");
}

function lines(mapping: { readonly [key: string]: YamlValue | undefined }, indent: string): string[] {
  return Object.entries(mapping).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return isScalar(value)
      ? [`${indent}${key}: ${scalar(value)}\n`]
      : [
          `${indent}${key}:${isEmpty(value) ? ` ${JSON.stringify(value)}` : ""}\n`,
          ...block(value, `${indent}  `),
        ];
  });
}

function block(value: Exclude<YamlValue, string | number | boolean>, indent: string): string[] {
  if (!isList(value)) return lines(value, indent);
  return value.flatMap((each) => {
    if (isScalar(each)) return [`${indent}- ${scalar(each)}\n`];
    const [first = `${indent}  ${JSON.stringify(each)}\n`, ...others] = block(each, `${indent}  `);
    return [`${indent}- ${first.trimStart()}`, ...others];
  });
}

const isScalar = (value: YamlValue): value is string | number | boolean => typeof value !== "object";

const isList = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value);

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** What YAML 1.1 takes for no character of a text, or for the end of a line. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu;

/** A text, number or truth as YAML has it, whatever is in it. */
export function scalar(value: string | number | boolean): string {
  if (typeof value === "string")
    return JSON.stringify(value).replace(
      unprintable,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  // A number with an exponent and no point is a text in YAML 1.1.
  return String(value).replace(/^(-?\d+)e/u, "$1.0e");
}
