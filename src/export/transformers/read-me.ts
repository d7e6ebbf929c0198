import { markdownText } from "../card/markdown.js";
import type { ExportSource } from "../export-source.js";
import { scalar } from "../yaml.js";

/** What the folder is, and how to load it. @param isNear whether pictures are prepared otherwise than by heddle */
export function readMe(
  { name, digest, contents }: ExportSource,
  licence: string | undefined,
  isNear: boolean,
): string {
  const { inputShape, classNames } = contents;
  const [height, width] = inputShape;
  const near = isNear
    ? `\nPictures are brought to ${width} × ${height} pixels in the nearest way that the configuration can say, which is not the one that heddle brings them by: bring them to that shape beforehand for the same answers.\n`
    : "";
  return `---
library_name: transformers.js
pipeline_tag: image-classification
${licence === undefined ? "" : `license: ${scalar(licence)}\n`}tags:
- heddle
---

# ${markdownText(name)}

A classifier of images that was trained with heddle: ${classNames.length} classes, pictures of ${width} × ${height} pixels.

\`\`\`js
import { env, pipeline } from "@huggingface/transformers";

env.localModelPath = "the folder that this one is in";
const classify = await pipeline("image-classification", "the name of this folder", { dtype: "fp32" });
console.log(await classify("picture.png"));
\`\`\`
${near}
Of the files here it reads \`config.json\`, \`preprocessor_config.json\` and \`onnx/model.onnx\`. The \`model_type\` "resnet" says how the network is called, by pixels for logits, and nothing of its layers.

The model's digest is \`${digest}\`.
`;
}
