/** One of the library's recipes: those of one data set, with figures of their own, before those of anybody's pictures. */
export type RecipeName = (typeof recipeNames)[number];

/** The names of the library's recipes, those of the paper's data first. */
export const recipeNames = [
  "paper-budget",
  "swift",
  "proposed-tuned",
  "balanced",
  "accurate",
  "cifar",
  "photos",
  "fine-tuning",
  "head-training",
] as const;
