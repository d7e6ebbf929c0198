import { UsageError } from "../core/errors.js";
import type { Schedule, ScheduleConfig } from "../core/schedules/index.js";
import { repeatableConfig } from "../core/schedules/repeatable-config.js";

/**
 * What a worker makes the same schedule of.
 *
 * @throws UsageError on one whose rates aren't those of its config: no message can hold a function.
 */
export function sentSchedule(schedule: Schedule): ScheduleConfig {
  const config = repeatableConfig(schedule);
  if (config) return config;
  throw new UsageError(
    `compile got a schedule of one's own making, which can't be sent to a worker: ${JSON.stringify(schedule.config)} has other ` +
      "learning rates by itself. Use one of the library's, or write a worker of your own over Model and browserPlatform.",
  );
}
