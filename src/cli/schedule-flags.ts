import type { Command } from "commander";
import { type AnyOptionTable, describeOptions } from "../core/options/index.js";
import {
  createSchedule,
  type ScheduleConfig,
  type ScheduleName,
  type ScheduleOptions,
  scheduleDefinitions,
  scheduleNames,
} from "../core/schedules/index.js";
import { commonScheduleOptions } from "../core/schedules/schedule.js";
import { chooseName, finiteNumber } from "./arguments.js";
import { flagOf, having, notTaken } from "./named-options.js";

type ScheduleOption = { [Name in ScheduleName]: keyof ScheduleOptions<Name> }[ScheduleName];

/** The options that shape a schedule's curve, named as its configuration has them. */
export type ScheduleFlags = { readonly schedule: string } & { readonly [Option in ScheduleOption]?: number };

const tables = scheduleNames.map((name): [string, AnyOptionTable] => [
  name,
  scheduleDefinitions[name].parameters,
]);

/** What some schedules take and others don't. */
const ownOptions = [...new Set(tables.flatMap(([, table]) => Object.keys(table)))];

/** Options that shape a schedule's curve; which of them a schedule takes, its definition says. */
export function addScheduleOptions(command: Command): Command {
  const number = (option: string, text: string): Command =>
    command.option(`${flagOf(option)} <x>`, text, finiteNumber(flagOf(option)));
  for (const { name, meaning, default: usual } of describeOptions(commonScheduleOptions))
    number(name, `${meaning} (default: ${usual})`);
  for (const option of ownOptions) number(option, meaningsOf(option));
  return command;
}

/** "factor of each fall: step (default: 0.5); how fast the rate falls: inverse-time, …" */
function meaningsOf(option: string): string {
  const takers = tables.filter(([, table]) => Object.hasOwn(table, option));
  const meanings = [...new Set(takers.map(([, table]) => table[option].meaning))];
  return meanings
    .map((meaning) => {
      const those = takers.filter(([, table]) => table[option].meaning === meaning);
      return `${meaning}: ${having(option, those)}`;
    })
    .join("; ");
}

/**
 * @param own counts where the flags name the same schedule: what they don't say is as it has it
 * @throws UsageError on an unknown schedule, a parameter that it hasn't, or a number out of range.
 */
export function scheduleFrom(flags: ScheduleFlags, own?: ScheduleConfig): ScheduleConfig {
  const name = chooseName("schedule", flags.schedule, scheduleNames);
  const takes = Object.keys(scheduleDefinitions[name].parameters);
  const given = [...Object.keys(commonScheduleOptions), ...ownOptions]
    .map((option) => [option, flags[option as ScheduleOption]] as const)
    .filter(([, value]) => value !== undefined);
  for (const [option] of given) {
    if (ownOptions.includes(option) && !takes.includes(option))
      throw notTaken(`The ${name} schedule`, option, takes);
  }
  const base = own?.name === name ? own : { name };
  return createSchedule({ ...base, ...Object.fromEntries(given) } as ScheduleConfig).config;
}
