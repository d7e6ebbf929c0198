/** The parts of a safetensors file: the header's length, the header, the data. */

/** Of the number before the header that says how long it is. */
export const lengthBytes = 8;

/** Of one value: float32 is the one type that our files have. */
export const floatBytes = 4;

/** What a header describes under this name is no tensor, but texts by name. */
export const metadataKey = "__metadata__";

/** The format's own limit, against files that would have a reader parse without end. */
export const longestHeader = 100_000_000;
