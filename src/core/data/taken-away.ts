import { UsageError } from "../errors.js";

/** What is said of images whose memory is no more: `takenAway("explain's images", "read")`. */
export const takenAway = (images: string, what: string): UsageError =>
  new UsageError(
    `${images} were taken away before they were all ${what}. Keep their memory until it is done, or give a copy.`,
  );
