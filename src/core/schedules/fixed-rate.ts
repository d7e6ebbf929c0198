import { type Schedule, type ScheduleConfig, scheduleOf } from "./create.js";
import { commonScheduleOptions } from "./schedule.js";

/** The schedule of a learning rate that is given by itself: any above 0, be it below the least that schedules usually have. */
export function fixedRate(learningRate = 0.001): Schedule<ScheduleConfig> {
  const isLess = learningRate < commonScheduleOptions.minLearningRate.default;
  return scheduleOf("constant", { learningRate, ...(isLess && { minLearningRate: learningRate }) });
}
