import type { Recipe } from "#heddle/recipes/index.js";

/** A recipe's settings as a results file has them, to be held against today's. */
export const settingsOf = ({ settings, teacher, pictures }: Recipe): unknown =>
  JSON.parse(JSON.stringify({ settings, ...(teacher && { teacher }), ...(pictures && { pictures }) }));

/** Without the views: they change nothing of what is trained. */
export const withoutViews = ({ settings, ...others }: Recipe): Recipe => ({
  ...others,
  settings: { ...settings, views: undefined },
});

/** Without the temperature, which is found in the runs that choose, and changes none of them. */
export const chosenBy = ({ settings, ...others }: Recipe): Recipe => ({
  ...others,
  settings: { ...settings, temperature: undefined },
});
