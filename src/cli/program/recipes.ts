import type { Command } from "commander";
import { listed } from "../../core/words.js";
import { recipeNames } from "../../recipes/recipe-names.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";

/** `heddle recipes`. */
export function addRecipes(program: Command, terminal: Terminal): void {
  const command = program
    .command("recipes")
    .description("list the recipes of heddle train and what they come to, or write one as a file to change")
    .argument("[name]", listed(recipeNames, "or"))
    .option("--json", "the same as JSON on stdout")
    .action(async (name: string | undefined, options) =>
      (await import("../commands/recipes.js")).recipesCommand({ name, ...options }, terminal),
    );
  example(command, "heddle recipes swift > mine.yaml && heddle train --recipe mine.yaml --epochs 12");
}
