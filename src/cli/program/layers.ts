import type { Command } from "commander";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";

/** `heddle layers`. */
export function addLayers(program: Command, terminal: Terminal): void {
  const command = program
    .command("layers")
    .description("list what models are made of, or show a layer's options and an example")
    .argument("[name]", "one of those listed, such as conv2d")
    .option("--json", "one JSON object a layer on stdout")
    .action(async (name: string | undefined, options) =>
      (await import("../commands/layers.js")).layersCommand({ name, ...options }, terminal),
    );
  example(command, "heddle layers conv2d");
}
