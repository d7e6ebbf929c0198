import { UsageError } from "../core/errors.js";
import { createSchedule, type Schedule, type ScheduleConfig } from "../core/schedules/index.js";

/**
 * What a worker makes the same schedule of.
 *
 * @throws UsageError on one whose rates aren't those of its config: no message can hold a function.
 */
export function sentSchedule(schedule: Schedule): ScheduleConfig {
  const { config } = schedule;
  if (isTheSame(schedule, config)) return config;
  throw new UsageError(
    `compile got a schedule of one's own making, which can't be sent to a worker: ${JSON.stringify(config)} has other ` +
      "learning rates by itself. Use one of the library's, or write a worker of your own over Model and browserPlatform.",
  );
}

function isTheSame(schedule: Schedule, config: ScheduleConfig): boolean {
  let twin: Schedule;
  try {
    twin = createSchedule(config);
  } catch {
    return false;
  }
  if (twin.followsValidation !== schedule.followsValidation) return false;
  const [epochs, stepsPerEpoch] = [10, 10];
  return Array.from({ length: epochs * stepsPerEpoch }, (_, step) => ({ step, stepsPerEpoch, epochs })).every(
    (position) => twin.learningRate(position) === schedule.learningRate(position),
  );
}
