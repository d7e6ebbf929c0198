import { type Graph, summarize } from "../../core/graph/index.js";
import type { Shape } from "../../core/layers/layer.js";
import { shapeText } from "../../core/layers/shape.js";
import { usualLoss } from "../../core/loss.js";
import { counted, percent, plural } from "../../core/words.js";
import { knownModel } from "../../run/known-model.js";
import type { ExportSource } from "../export-source.js";
import { dataTitle } from "./front-matter.js";
import { markdownTable, markdownText, sections } from "./markdown.js";

/** What it is, and in a line how good. */
export function modelSection({ contents, digest, run }: ExportSource, graph: Graph): string {
  const { classNames, inputShape, loss = usualLoss } = contents;
  const { parameters, kept, multiplyAdds } = summarize(graph);
  const classes = plural(classNames.length, "class", "classes");
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Architecture", run && (knownModel(run.config)?.title ?? run.config.model)],
    ["Layers", counted(graph.nodes.length)],
    ["Parameters", `${counted(parameters)}${kept === 0 ? "" : `, and ${counted(kept)} that are kept`}`],
    ["Multiply-adds an image", counted(multiplyAdds)],
    ["Images", imageWords(inputShape)],
    ["Outputs", loss === usualLoss ? `probabilities of ${classes}` : `a probability for each of ${classes}`],
    ["Digest of the model file", digest],
  ];
  const what =
    loss === usualLoss
      ? `An image classifier that tells ${classes} apart, made with heddle.`
      : `An image classifier that says of ${classes} how likely an image has each, made with heddle.`;
  const good =
    run?.evaluation &&
    `It classifies **${percent(run.evaluation.accuracy)}** of the ${counted(run.evaluation.n)} test images of ${markdownText(dataTitle(run.config.data))} right.`;
  return sections(
    [what, good].filter((words) => words !== undefined).join(" "),
    markdownTable({
      id: "model",
      title: "Model",
      columns: [{ title: "" }, { title: "" }],
      rows: facts.flatMap(([title, words]) => (words === undefined ? [] : [[title, words]])),
    }),
    run?.config.body &&
      `It stands on a trained model, ${markdownText(run.config.body.name)} (digest ${markdownText(run.config.body.digest)}): what that was trained on, and under which licence it may be used, isn't recorded here.`,
  );
}

function imageWords(shape: Shape): string {
  if (shape.length !== 3) return `bytes, ${shapeText(shape)}`;
  const [height, width, channels] = shape;
  return `${width} × ${height} pixels, ${plural(channels, "channel")} of bytes`;
}
