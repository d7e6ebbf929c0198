import type { ExportSource } from "../export-source.js";
import { sections } from "./markdown.js";

/** How pictures are named with it. */
export function usageSection({ contents: { inputShape, preparation } }: ExportSource): string {
  const takesPictures = preparation !== undefined || [1, 3].includes(inputShape[2]);
  const call = takesPictures
    ? 'await model.classify("picture.jpg")'
    : `(await model.classifyImages(images))[0]; // bytes, [N, ${inputShape.join(", ")}]`;
  return sections(
    "## How to use it",
    "With heddle, on Node.js:",
    `\`\`\`ts
import { loadModel } from "heddle";

const model = await loadModel("model.safetensors");
const { predictions, unsure } = ${call}${takesPictures ? ";" : ""}
console.log(predictions[0].className, predictions[0].probability, unsure);
\`\`\``,
    takesPictures && "or on the command line:",
    takesPictures && "```sh\nheddle predict model.safetensors pictures --top 3\n```",
  );
}
