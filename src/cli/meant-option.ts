import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import { modelNames } from "../core/models/index.js";
import { recipeNames } from "../recipes/recipe-names.js";
import { shellWord } from "./shell-word.js";

const among =
  (names: readonly string[]) =>
  (word: string): boolean =>
    names.includes(word);

const isRun = (word: string): boolean => existsSync(join(word, "config.json"));

/** What a word is meant for that no option goes before, in the order in which that is asked. */
const meanings: readonly (readonly [option: string, holds: (word: string) => boolean])[] = [
  ["--recipe", (word) => /\.(ya?ml|json)$/iu.test(word)],
  ["--resume", isRun],
  ["--from", (word) => /\.safetensors$/iu.test(word)],
  ["--data", (word) => existsSync(word) && !isRun(word)],
  ["--data", among([fashionMnist])],
  ["--model", among(modelNames)],
  ["--recipe", among(recipeNames)],
];

/** The option that a word is likely meant for, with it: `--data photos`. @param options those that there are */
export function meantOption(word: string, options: readonly string[]): string | undefined {
  const meant = meanings.find(([option, holds]) => options.includes(option) && holds(word));
  return meant && `${meant[0]} ${shellWord(word)}`;
}

/** What a run's folder is called by elsewhere. */
function otherName(text: string, options: readonly string[]): string | undefined {
  const isPlace = /^error: unknown option '--(out|output|name|folder|run-name)'/u.test(text);
  return isPlace && !text.includes("Did you mean") && options.includes("--run") ? "--run" : undefined;
}

/** Has a command say of a word too many which option it is meant for, as it says it of a slip in an option's name. */
export function suggestOptions(command: Command): Command {
  return command.configureOutput({
    outputError: (text, write) => {
      const word = command.args.at(command.registeredArguments.length);
      const options = command.options.map(({ long }) => long ?? "");
      const meant =
        word !== undefined && text.startsWith("error: too many arguments")
          ? meantOption(word, options)
          : undefined;
      const other = meant ?? otherName(text, options);
      write(other === undefined ? text : `${text}(Did you mean ${other}?)\n`);
    },
  });
}
