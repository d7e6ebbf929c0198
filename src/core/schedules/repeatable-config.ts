import { configOfRates, type Schedule, type ScheduleConfig, scheduleDefinitions } from "./create.js";
import type { ScheduleDefinition } from "./schedule.js";

/**
 * What the same schedule can be made of again, elsewhere or later; undefined of one of one's own, whose rates aren't
 * those of its config as far as anybody can tell: only what made them knows them at every step.
 */
export function repeatableConfig(schedule: Schedule): ScheduleConfig | undefined {
  const config = configOfRates(schedule.learningRate);
  if (!config || JSON.stringify(config) !== JSON.stringify(schedule.config)) return undefined;
  const { followsValidation }: ScheduleDefinition = scheduleDefinitions[config.name];
  return schedule.followsValidation === followsValidation ? (schedule.config as ScheduleConfig) : undefined;
}
