import { describeLayer } from "../../core/layers/describe.js";
import { layerTypes } from "../../core/layers/index.js";
import type { OptionDescription } from "../../core/options/index.js";
import { chooseName } from "../arguments.js";
import { plainTable } from "../view/plain-table.js";
import { wrapped } from "../view/wrapped.js";
import type { CommandOutput } from "./output.js";

export interface LayersCommandOptions {
  readonly name?: string;
  readonly json?: boolean;
}

/** Lists the types of layers, or shows one: its options, as its definition has them, and an example. */
export function layersCommand({ name, json = false }: LayersCommandOptions, out: CommandOutput): void {
  const types = name === undefined ? layerTypes : [chooseName("layer", name, layerTypes)];
  const layers = types.map(describeLayer);
  if (json) {
    for (const layer of layers) out.stdout(JSON.stringify(layer));
    return;
  }
  if (name === undefined) {
    const rows = layers.map(({ type, meaning }) => [type, meaning]);
    out.stdout(
      plainTable(
        [
          { head: "Layer", align: "left" },
          { head: "What it is", align: "left" },
        ],
        rows,
      ),
    );
    out.stdout("");
    out.stdout("`heddle layers NAME` shows a layer's options.");
    return;
  }
  const [{ type, meaning, example, options }] = layers;
  for (const line of wrapped(`${type}: ${meaning}`, 80)) out.stdout(line);
  out.stdout("");
  out.stdout(`  ${example}`);
  out.stdout("");
  for (const line of optionLines(options)) out.stdout(line);
}

/** An option's meaning, and below it what it takes, beside its name. */
function optionLines(options: readonly OptionDescription[]): string[] {
  const width = Math.max(...options.map(({ name }) => name.length)) + 2;
  return options.flatMap(({ name, meaning, expected, default: usual }) => {
    const takes = `${expected} (${usual === undefined ? "needed" : `default: ${usual}`})`;
    const lines = [meaning, takes].flatMap((text) => wrapped(text, 80 - width));
    return lines.map((line, index) => (index === 0 ? name : "").padEnd(width) + line);
  });
}
