import type { StepProfile } from "../../bench/profile.js";
import { percent, plural } from "../../core/words.js";
import { plainTable } from "./plain-table.js";

const barWidth = 24;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of up to `barWidth` characters, drawn to an eighth of one. */
function bar(share: number): string {
  const parts = Math.round(Math.max(0, Math.min(1, share)) * barWidth * 8);
  return "█".repeat(Math.floor(parts / 8)) + eighths[parts % 8];
}

/** A step's time by layer and phase, a row a layer; the last row is the sum. */
export function profileTable(profile: StepProfile): string {
  const { stepMs, layers, optimizerMs, waitingMs, restMs } = profile;
  const figure = (value: number): string => (value === 0 ? "" : value.toFixed(3));
  const rows = [
    ...layers.map(({ name, milliseconds: { preparation, forward, backward } }) => ({
      name,
      phases: [preparation, forward, backward],
      total: preparation + forward + backward,
    })),
    { name: "optimizer", phases: [0, 0, 0], total: optimizerMs },
    { name: "waiting", phases: [0, 0, 0], total: waitingMs },
    { name: "start and end", phases: [0, 0, 0], total: restMs },
  ].filter(({ total }) => total !== 0);
  const most = Math.max(...rows.map(({ total }) => total));
  const cells = rows.map(({ name, phases, total }) => [
    name,
    ...phases.map(figure),
    figure(total),
    percent(total / stepMs, 1),
    bar(total / most),
  ]);
  const sums = [0, 1, 2].map((phase) => rows.reduce((sum, { phases }) => sum + phases[phase], 0));
  const whole = rows.reduce((sum, { total }) => sum + total, 0);
  return [
    `${profile.name}, ${plural(profile.threads, "thread")}: ` +
      `ms a step, the mean of the threads and of the fastest ${profile.steps} of ${profile.ofSteps} steps`,
    "",
    plainTable(
      [
        { head: "layer", align: "left" },
        ...["preparation", "forward", "backward", "together", "share"].map((head) => ({
          head,
          align: "right" as const,
        })),
        { head: "", align: "left" },
      ],
      [...cells, ["whole step", ...sums.map(figure), figure(whole), "100.0 %", ""]],
    ),
    "",
    `Without a clock around each job the step takes ${profile.plainMs.toFixed(3)} ms.`,
  ].join("\n");
}
