import type { Command } from "commander";
import { timmArchitectures } from "../../core/models/index.js";
import { listed } from "../../core/words.js";
import { pixelRangeNames } from "../../onnx/pixel-ranges.js";
import { readSize } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";

/** `heddle import`. */
export function addImport(program: Command, terminal: Terminal): void {
  const command = program
    .command("import")
    .description("make a model of a classifier that another library trained")
    .argument("<file>", "an ONNX file, or with --architecture a safetensors file of timm's weights")
    .requiredOption("--out <file>", "where to write the model, such as model.safetensors")
    .option("--architecture <name>", `whose weights they are: ${listed(timmArchitectures, "or")}`)
    .option("--normalization <name>", `how pixels enter: ${listed(pixelRangeNames, "or")}`)
    .option("--mean <list>", "mean of pixels from 0 to 1, one number a channel or one for all")
    .option("--deviation <list>", "deviation of pixels from 0 to 1, one number a channel or one for all")
    .option(
      "--image-size <n|hxw>",
      "pixels of images, where the file leaves them open: 224, or 192x256",
      readSize,
    )
    .option("--classes <file>", "names of the classes in their order, one a line")
    .option("--output <name>", "the tensor that is the model's output (default: the graph's own first)")
    .option("--overwrite", "let --out replace a file")
    .option("--json", "what was read as one JSON object on stdout")
    .action(async (file: string, options) =>
      (await import("../commands/import.js")).importCommand({ file, ...options }, terminal),
    );
  example(command, "heddle import resnet.onnx --normalization imagenet --out resnet.safetensors");
}
