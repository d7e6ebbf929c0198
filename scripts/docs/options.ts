import { augmentationOptions } from "#heddle/core/data/augmentation.js";
import { viewOptions } from "#heddle/core/data/views.js";
import { describeLayer } from "#heddle/core/layers/describe.js";
import { layerTypes } from "#heddle/core/layers/index.js";
import { optimizerNames, optimizerOptions } from "#heddle/core/optimizers/index.js";
import { describeOptions, type OptionDescription } from "#heddle/core/options/index.js";
import { scheduleDefinitions, scheduleNames } from "#heddle/core/schedules/index.js";
import { commonScheduleOptions } from "#heddle/core/schedules/schedule.js";
import { dataSetOptions } from "#heddle/node/data/load-options.js";
import { serveOptions } from "#heddle/serve/serve-options.js";
import { markdownTable } from "./results.js";

/** Every type of layer, as its definition has it. */
export function layersSection(): string {
  const layers = layerTypes.map(describeLayer).map(({ type, meaning, example, options }) => {
    return [`### ${type}`, `${sentence(meaning)} \`${example}\``, optionTable(options)].join("\n\n");
  });
  return layers.join("\n\n");
}

/** The options of every optimizer. */
export function optimizersSection(): string {
  return optimizerNames
    .map((name) => `### ${name}\n\n${optionTable(describeOptions(optimizerOptions[name]))}`)
    .join("\n\n");
}

/** What every schedule takes, then each one's curve and what it takes beside that. */
export function schedulesSection(): string {
  const schedules = scheduleNames.map((name) => {
    const { equation, parameters } = scheduleDefinitions[name];
    const own = describeOptions(parameters);
    return [`### ${name}`, sentence(equation), ...(own.length > 0 ? [optionTable(own)] : [])].join("\n\n");
  });
  return [optionTable(describeOptions(commonScheduleOptions)), ...schedules].join("\n\n");
}

/** What is said of a data set beside where it is. */
export const dataOptionsSection = (): string => optionTable(describeOptions(dataSetOptions));

/** What varies training images. */
export const augmentationSection = (): string => optionTable(describeOptions(augmentationOptions));

/** What a prediction may be the mean of. */
export const viewsSection = (): string => optionTable(describeOptions(viewOptions));

/** Where a server listens, who may ask it, and how much at once. */
export const serveOptionsSection = (): string => optionTable(describeOptions(serveOptions));

const sentence = (words: string): string => `${words.replace(/^[a-z]/, (letter) => letter.toUpperCase())}.`;

function optionTable(options: readonly OptionDescription[]): string {
  const rows = options.map(({ name, meaning, expected, default: usual }) => [
    `\`${name}\``,
    meaning,
    expected,
    usual ?? "needed",
  ]);
  return markdownTable(["option", "what it means", "what it takes", "default"], rows, 4);
}
