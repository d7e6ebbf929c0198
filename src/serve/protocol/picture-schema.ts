import { z } from "zod";
import { lossNames } from "../../core/loss.js";

/** A class that a picture may be of. */
export const prediction = z
  .object({
    label: z.string().meta({ description: "The class's name." }),
    score: z
      .number()
      .min(0)
      .max(1)
      .meta({ description: "Its probability, by the model's calibration where it has one." }),
    unsure: z
      .literal(true)
      .optional()
      .meta({ description: "With the first class, where its probability is below the model's threshold." }),
  })
  .meta({ id: "Prediction" });

/** The most probable first. */
export const predictions = z.array(prediction).meta({ id: "Predictions" });

export const pictureOutcome = z.union([
  predictions,
  z.object({ error: z.string().meta({ description: "Why the picture can't be used." }) }),
]);

const modelName = z.string().min(1).max(512).optional().meta({ description: "Default: the first." });

const invert = z.enum(["true", "false"]).default("false").meta({
  description: "Whether light and dark change places, as for a model of garments on a dark ground.",
});

export const classifyQuery = z.strictObject({
  model: modelName,
  invert,
  top_k: z.coerce.number().int().min(1).max(65_536).default(5).meta({
    type: "integer",
    description: "So many of the most probable classes.",
  }),
});

export const explainQuery = z.strictObject({
  model: modelName,
  invert,
  label: z
    .string()
    .max(1024)
    .optional()
    .meta({ description: "A class's name (default: what the picture is taken for)." }),
});

export const modelList = z
  .array(
    z.object({
      name: z.string(),
      version: z.string(),
      ready: z.boolean(),
      inputShape: z.array(z.int()).meta({ description: "[H, W, C]." }),
      classNames: z.array(z.string()),
      loss: z.enum(lossNames).meta({
        description:
          "crossEntropy: a picture has one class. binaryCrossEntropy: it may have any number, and each probability stands by itself.",
      }),
      calibrated: z.boolean(),
    }),
  )
  .meta({ id: "ModelList" });

export const failure = z.object({ error: z.string() }).meta({ id: "Failure" });
