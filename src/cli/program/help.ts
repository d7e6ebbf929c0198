import type { Command } from "commander";
import { chooseName } from "../arguments.js";

/** `heddle help`, which names the nearest command where there is none of a name. */
export function addHelp(program: Command): void {
  program
    .command("help [command]")
    .description("show help for a command")
    .action((name?: string) => {
      if (name === undefined) return program.outputHelp();
      const names = program.commands.map((command) => command.name());
      const chosen = chooseName("command", name, names);
      program.commands.find((command) => command.name() === chosen)?.outputHelp();
    });
}
