import { UsageError } from "../errors.js";
import type { Schedule } from "../schedules/index.js";

/** Which images validate, and what else was asked for, don't go together: a UsageError by name, and a class for advice. */
export class ValidationError extends UsageError {}

/**
 * Of a training in which no image validates.
 *
 * @param owner whose options they are, for the error
 * @throws ValidationError where something of it watches those that do
 */
export function refuseUnwatched(
  owner: string,
  { earlyStopping, schedule }: { readonly earlyStopping?: object; readonly schedule?: Schedule },
): void {
  const who = earlyStopping
    ? "earlyStopping"
    : schedule?.followsValidation && `the schedule ${schedule.config.name}`;
  if (!who) return;
  throw new ValidationError(
    `${owner}: ${who} watches the images that validate, but none do. Hold some back with a larger validationShare, or leave it out.`,
  );
}
