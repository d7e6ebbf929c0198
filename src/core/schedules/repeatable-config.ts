import { createSchedule, type Schedule, type ScheduleConfig } from "./create.js";

/**
 * What the same schedule can be made of again, elsewhere or later; undefined of one of one's own, whose rates aren't
 * those of its config.
 */
export function repeatableConfig(schedule: Schedule): ScheduleConfig | undefined {
  const config = schedule.config as ScheduleConfig;
  let twin: Schedule;
  try {
    twin = createSchedule(config);
  } catch {
    return undefined;
  }
  if (twin.followsValidation !== schedule.followsValidation) return undefined;
  const [epochs, stepsPerEpoch] = [10, 10];
  const positions = Array.from({ length: epochs * stepsPerEpoch }, (_, step) => ({
    step,
    stepsPerEpoch,
    epochs,
  }));
  const same = positions.every((position) => twin.learningRate(position) === schedule.learningRate(position));
  return same ? config : undefined;
}
