import type * as z from "zod";
import { HeddleError } from "../core/errors.js";

/** @throws HeddleError with the first place that doesn't fit. */
export function checkJson<Output>(wanted: z.ZodType<Output>, json: unknown, file: string): Output {
  const result = wanted.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw new HeddleError(
    `${file} is not what heddle writes there (${place}${issue.message}). It was changed, or written by something else.`,
  );
}
