import type { Environment } from "#heddle/run/host.js";

/** What a network of a recipe came to, with one seed. */
export interface RecipeRun {
  readonly seed: number;
  /** Of the images that it was judged on, 0 … 1. */
  readonly accuracy: number;
  readonly loss: number;
  /** Of those whose picture is no training image as well, where that is known of a data set. */
  readonly withoutLeaks?: { readonly images: number; readonly accuracy: number };
  /** Of the softmax as it is. */
  readonly calibrationError: number;
  /** What that is at a temperature, where one was found or given. */
  readonly calibrated?: { readonly temperature: number; readonly calibrationError: number };
  readonly images: number;
  readonly trainImages: number;
  readonly parameters: number;
  readonly epochs: number;
  /** Of its epochs, and of the teacher's. */
  readonly seconds: number;
  readonly teacher?: { readonly model: string; readonly seconds: number; readonly accuracy: number };
  /** Processes that waited for a processor when it began and when it ended, and whether that left the machine to it. */
  readonly load: number;
  /** Missing of those of before, which were judged by the other alone. */
  readonly loadAtEnd?: number;
  readonly idle: boolean;
  readonly environment: Partial<Environment> & { readonly threads?: number };
  /** SHA-256 of its best weights' file, and of its probabilities. */
  readonly weights?: string;
  readonly probabilities?: string;
}

/** What every file of a recipe's results begins with. */
export interface RecipeHead {
  readonly command: string;
  readonly recipe: string;
  /** Which arithmetic the runs were trained with; what says nothing of it, with version 2, which these files began under. */
  readonly arithmeticVersion?: number;
  /** As they were: figures of others say nothing of a recipe. */
  readonly settings: unknown;
}

/** results/recipes/NAME.json, and selection-NAME.json of images held back from those that train. */
export interface RecipeFile extends RecipeHead {
  readonly runs: readonly RecipeRun[];
}

/** A recipe but for one of its ingredients. */
export interface AblationRow {
  /** What is left out, or what stands in its place; empty of the recipe as it is. */
  readonly change: string;
  readonly runs: readonly RecipeRun[];
}

/** results/recipes/ablation-NAME.json: on images held back from those that train. */
export interface AblationFile extends RecipeHead {
  readonly rows: readonly AblationRow[];
}

/** The version of the arithmetic that a file's runs were trained with. */
export const arithmeticOf = ({ arithmeticVersion = 2 }: RecipeHead): number => arithmeticVersion;

/** A training of the search for settings. */
export interface SearchTrial {
  readonly family: string;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** On images held back: of the last weights, and of their average; missing where it failed. */
  readonly result?: Readonly<Record<"last" | "average", { readonly accuracyOfBothSides: number }>>;
}

/** results/recipes/search.json, which `scripts/search-recipes.py` wrote. */
export interface SearchFile {
  /** Of each search, one after the other. */
  readonly command: string;
  /** What the command doesn't say. */
  readonly note?: string;
  readonly device: string;
  readonly torch: string;
  readonly trials: readonly SearchTrial[];
}
