import { graphConfig } from "../core/graph/index.js";
import type { Shape } from "../core/layers/index.js";
import type { RecipeSettings } from "./recipe.js";

/** What a recipe with a network of its own was made for: Fashion-MNIST's images, and its classes. */
const madeFor = { inputShape: [28, 28, 1] as Shape, classes: 10 };

/**
 * A recipe's settings as a file of JSON or YAML holds them: a model that has no name in the library is described layer by
 * layer, which is for images of one shape.
 */
export function fileSettings(settings: RecipeSettings): RecipeSettings {
  const { model } = settings;
  if (typeof model !== "object" || !("graph" in model) || typeof model.graph !== "function") return settings;
  const { inputShape, classes } = madeFor;
  const layers = graphConfig(model.graph(inputShape, classes));
  return { ...settings, model: { name: model.name, layers, inputShape } };
}

/** What a recipe's model is called; undefined where the recipe leaves that to its user. */
export const modelNameOf = ({ model }: RecipeSettings): string | undefined =>
  typeof model === "string" ? model : model && "name" in model ? model.name : undefined;
