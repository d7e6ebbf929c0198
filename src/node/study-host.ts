import type { StudyHost } from "../study/study.js";
import { nodeRunHost, type RunHostOptions } from "./run-host.js";
import { trialThreads } from "./trial-threads.js";

/** What studies need of Node: trials beside each other run in threads. */
export const nodeStudyHost = (options: RunHostOptions = {}): StudyHost => ({
  ...nodeRunHost(options),
  trainers: trialThreads,
});
