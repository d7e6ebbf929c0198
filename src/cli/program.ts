import { Command } from "commander";
import { auditOptions } from "../core/audit/audit-options.js";
import { modelNames, timmArchitectures } from "../core/models/index.js";
import { scheduleNames } from "../core/schedules/index.js";
import { maximumThreads } from "../core/training/compile.js";
import { listed } from "../core/words.js";
import { exportFormatNames } from "../export/formats.js";
import { heddleVersion } from "../node/version.js";
import { pixelRangeNames } from "../onnx/pixel-ranges.js";
import { recipeNames } from "../recipes/recipe-names.js";
import { reproductionParts } from "../reproduction/plan/experiments.js";
import { serveOptions } from "../serve/serve-options.js";
import { chooseName, numberList, wholeNumber } from "./arguments.js";
import { addDataOptions, addOtherDataOptions, readSize } from "./data-flags.js";
import { example } from "./example.js";
import { addExportOptions } from "./export-flags.js";
import { addTrainingOptions } from "./options.js";
import { addRuns } from "./runs-program.js";
import { addScheduleOptions, scheduleFrom } from "./schedule-flags.js";
import type { Terminal } from "./terminal.js";
import { readUnfreeze } from "./unfreeze.js";

/**
 * The command line: every command, its options and its help. What a command does is imported when it runs, so
 * that help and mistakes answer at once.
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command("heddle")
    .description("Trains and judges small image classifiers, on every core, without a native add-on.")
    .version(heddleVersion())
    .option("--debug", "show the stack trace of an error")
    .helpOption("-h, --help", "show help for a command")
    .helpCommand("help [command]", "show help for a command")
    .showHelpAfterError("(heddle --help lists the commands, heddle COMMAND --help their options)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout(text.replace(/\n$/, "")),
      writeErr: (text) => terminal.stderr(text.replace(/\n$/, "")),
    });
  addStart(program, terminal);
  addTrain(program, terminal);
  addEvaluate(program, terminal);
  addPredict(program, terminal);
  addVerify(program, terminal);
  addDiff(program, terminal);
  addModels(program, terminal);
  addRecipes(program, terminal);
  addLayers(program, terminal);
  addSchedule(program, terminal);
  addRuns(program, terminal);
  addReport(program, terminal);
  addData(program, terminal);
  addAugment(program, terminal);
  addAudit(program, terminal);
  addReproduce(program, terminal);
  addSweep(program, terminal);
  addServe(program, terminal);
  addImport(program, terminal);
  addExport(program, terminal);
  addBench(program, terminal);
  return program.hook("preAction", (_, command) => widenVectors(command, terminal));
}

const threadsText = "threads that compute (default: one a processor); they never change a result";
const readThreads = wholeNumber("--threads", 1, maximumThreads);
const narrowText =
  "vectors of 128 bits even where V8 can join them to 256, by a pass that is an experiment of its own; no result changes";

/** Of a command that computes: on how many threads, and with vectors of how many bits. */
const addThreads = (command: Command): Command =>
  command.option("--threads <n>", threadsText, readThreads).option("--narrow-vectors", narrowText);

/** Vectors as wide as they come: V8 must be told before a command's first kernel is compiled. */
async function widenVectors(command: Command, terminal: Terminal): Promise<void> {
  if (!command.options.some(({ long }) => long === "--narrow-vectors") || command.opts().narrowVectors)
    return;
  const { widenVectors: widen } = await import("../node/vector-width.js");
  const { differs, why } = widen();
  if (differs) terminal.stderr(`Vectors stay at 128 bits: ${why}.`);
}

/** The options that stand on the command line, such as `--epochs`. */
function givenOptions(command: Command): string[] {
  return (
    command.options
      .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
      // --nesterov and --no-nesterov are of one value.
      .filter((option) => option.negate === (command.getOptionValue(option.attributeName()) === false))
      .map((option) => option.long ?? option.flags)
  );
}

function addStart(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program
      .command("start")
      .description(
        "train the recipe swift on Fashion-MNIST, which takes about a minute, and show how good it is",
      ),
  )
    .option("--run <dir>", "folder to keep the run in (default: runs/<UTC time>-<model>)")
    .action(async (options) => (await import("./commands/start.js")).startCommand(options, terminal));
  example(command, "heddle start");
}

function addTrain(program: Command, terminal: Terminal): void {
  const command = program
    .command("train")
    .description("train a model, keep it in a run folder, judge its best weights on the test set");
  addThreads(addTrainingOptions(command))
    .option(
      "--recipe <name|file>",
      `settings that belong together: ${listed(recipeNames, "or")}, or a file of YAML or JSON`,
    )
    .option(
      "--teacher <run|file>",
      "a trained model whose answers stand beside the labels; a recipe's own is trained first",
    )
    .option(
      "--from <file|run>",
      "a trained model to stand on, with a new head for these classes; it goes with recipes of its own",
    )
    .option("--unfreeze <none|n|all>", "what trains with the head of --from (default: all)", readUnfreeze)
    .option(
      "--batch-norm <keep|move>",
      "whether the normalizations of --from stay or train (default: keep)",
      (text) => chooseName("way of batch normalization", text, ["keep", "move"]),
    )
    .option("--run <dir>", "folder to keep the run in, not there yet (default: runs/<UTC time>-<model>)")
    .option(
      "--resume <run>",
      "go on with a run that was stopped, with its own settings, to the same bytes; --data says where its images are now",
    )
    .option("--tensorboard <dir>", "write event files for TensorBoard below this folder")
    .option("--json", "one JSON object a line on stdout: start, each epoch, end")
    .action(async (options) =>
      (await import("./commands/train.js")).trainCommand(options, givenOptions(command), terminal),
    );
  command.addHelpText(
    "after",
    "\nWith --recipe, what isn't given is the recipe's (heddle recipes lists them); with --from,\nand on pictures without --model, it is set for photos: docs/own-pictures.md tells how.\nA flag changes what it says of those settings, --learning-rate the schedule's rate alone;\nanother --schedule or --optimizer takes the place of the whole.",
  );
  example(command, "heddle train --model proposed --epochs 50 --schedule dynamic --learning-rate 0.001");
  example(command, "heddle train --data photos --from body.safetensors");
  example(command, "heddle train --recipe swift");
}

function addEvaluate(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program.command("evaluate").description("judge a run's weights on the test images"),
  ).argument("<run>", "folder of the run");
  addOtherDataOptions(command, "another data set than the run's own")
    .option("--weights <name>", "best, last or interrupted", "best")
    .option(
      "--views <list>",
      "take the mean over views of each image: flip,shift=1, or none (default: the run's own)",
    )
    .option("--predictions <file>", "write each image's prediction as CSV, of pictures with their files")
    .option("--overwrite", "let --predictions replace a file")
    .option("--json", "the evaluation as one JSON object on stdout")
    .action(async (run: string, options) =>
      (await import("./commands/evaluate.js")).evaluateCommand({ run, ...options }, terminal),
    );
  example(command, "heddle evaluate runs/first --predictions predictions.csv");
}

function addPredict(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program.command("predict").description("name pictures with a run's weights or a model file, a line each"),
  )
    .argument("<model>", "folder of a run, or a model file")
    .argument(
      "[images...]",
      "files, folders, patterns such as 'photos/**/*.jpg', or - for a picture on stdin",
    )
    .option("--files-from <file>", "read names from a file, or - for stdin: one a line, or each ended by NUL")
    .option("--top <k>", "tell the k most probable classes", wholeNumber("--top", 1), 1)
    .option("--weights <name>", "of a run: best, last or interrupted", "best")
    .option("--invert", "let light and dark change places, as for a model of garments on a dark ground")
    .option("--explain <dir>", "write each picture with a heat map of where its class is seen, as PNG")
    .option("--overwrite", "let --explain replace files")
    .option("--json", "one JSON object a picture")
    .option("--csv", "a row for each class that is told")
    .action(async (model: string, images: string[], options) =>
      (await import("./commands/predict.js")).predictCommand({ model, images, ...options }, terminal),
    );
  example(command, "heddle predict runs/first photos --top 3 --explain maps");
}

function addVerify(program: Command, terminal: Terminal): void {
  const verify = program
    .command("verify")
    .description(
      "train a run again, from its folder or its receipt, and say whether it is the same to the byte",
    );
  const command = addThreads(verify)
    .argument("<run|receipt>", "folder of a run, or a receipt.json")
    .option("--epochs <n>", "train only so many of its epochs again", wholeNumber("--epochs", 1));
  addOtherDataOptions(command, "where its images are now, if not where they were")
    .option("--from <file>", "of a receipt of a run on a body: the first.safetensors that it began with")
    .option(
      "--teacher <file>",
      "of a receipt of a run with a teacher: the teacher.safetensors that it learned from",
    )
    .option("--json", "what came of it as one JSON object on stdout")
    .action(async (of: string, options) =>
      (await import("./commands/verify.js")).verifyCommand({ of, ...options }, terminal),
    );
  example(command, "heddle verify runs/first --epochs 2");
  example(command, "heddle verify receipt.json --data fashion-mnist");
}

function addDiff(program: Command, terminal: Terminal): void {
  const diff = program
    .command("diff")
    .description(
      "say what differs between two runs: settings, data, environment, and from where on their weights",
    );
  const command = addThreads(diff)
    .argument("<first>", "folder of a run")
    .argument("<second>", "folder of another")
    .option("--steps", "train both again as far as they agree, to find the step in which they part")
    .option("--json", "all of it as one JSON object on stdout")
    .action(async (first: string, second: string, options) =>
      (await import("./commands/diff.js")).diffCommand({ first, second, ...options }, terminal),
    );
  example(command, "heddle diff runs/first runs/second --steps");
}

function addModels(program: Command, terminal: Terminal): void {
  const command = program
    .command("models")
    .description("list the models, or show one's layers, the memory that it takes, and why it is built so")
    .argument("[name]", listed(modelNames, "or"))
    .option(
      "--batch-size <n>",
      "images a step whose memory is planned (default: 128)",
      wholeNumber("--batch-size", 1),
    )
    .action(async (name: string | undefined, options) =>
      (await import("./commands/models.js")).modelsCommand({ name, ...options }, terminal),
    );
  example(command, "heddle models resNet20 --batch-size 64");
}

function addRecipes(program: Command, terminal: Terminal): void {
  const command = program
    .command("recipes")
    .description("list the recipes of heddle train and what they come to, or write one as a file to change")
    .argument("[name]", listed(recipeNames, "or"))
    .option("--json", "the same as JSON on stdout")
    .action(async (name: string | undefined, options) =>
      (await import("./commands/recipes.js")).recipesCommand({ name, ...options }, terminal),
    );
  example(command, "heddle recipes swift > mine.yaml && heddle train --recipe mine.yaml --epochs 12");
}

function addLayers(program: Command, terminal: Terminal): void {
  const command = program
    .command("layers")
    .description("list what models are made of, or show a layer's options and an example")
    .argument("[name]", "one of those listed, such as conv2d")
    .option("--json", "one JSON object a layer on stdout")
    .action(async (name: string | undefined, options) =>
      (await import("./commands/layers.js")).layersCommand({ name, ...options }, terminal),
    );
  example(command, "heddle layers conv2d");
}

function addSchedule(program: Command, terminal: Terminal): void {
  const command = program
    .command("schedule")
    .description("draw a learning-rate schedule, or write it as SVG or CSV")
    .argument("<name>", listed(scheduleNames, "or"))
    .option("--epochs <n>", "passes over the training images", wholeNumber("--epochs", 1), 50)
    .option("--batch-size <n>", "images a step", wholeNumber("--batch-size", 1), 128)
    .option("--images <n>", "images of an epoch", wholeNumber("--images", 1), 48_000)
    .option("--out <file>", "write the curve to FILE.svg or FILE.csv")
    .option("--overwrite", "let --out replace a file");
  addScheduleOptions(command).action(async (schedule: string, options) => {
    const { scheduleCommand } = await import("./commands/schedule.js");
    const { epochs, batchSize, images: trainImages, out, overwrite } = options;
    const config = scheduleFrom({ ...options, schedule });
    await scheduleCommand({ schedule: config, epochs, batchSize, trainImages, out, overwrite }, terminal);
  });
  example(command, "heddle schedule dynamic --learning-rate 0.1 --out dynamic.svg");
}

function addReport(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program
      .command("report")
      .description("write one run, or several side by side, as a page that needs no network"),
  )
    .argument("<run...>", "folders of the runs")
    .option("--out <file>", "where to write (default: report.html, in the run's folder where it is one run)");
  addOtherDataOptions(command, "another data set than the runs' own to judge them on")
    .option("--overwrite", "let --out replace a file that is no report")
    .action(async (runs: string[], options) =>
      (await import("./commands/report.js")).reportCommand({ runs, ...options }, terminal),
    );
  example(command, "heddle report runs/first runs/second --out both.html");
}

function addData(program: Command, terminal: Terminal): void {
  const command = addDataOptions(
    program
      .command("data")
      .description("fetch a data set where needed, check it, say where it came from and what is in it"),
  )
    .option("--json", "the same as one JSON object on stdout")
    .action(async (options) => (await import("./commands/data.js")).dataCommand(options, terminal));
  example(command, "heddle data --data fashion-mnist");
}

function addAugment(program: Command, terminal: Terminal): void {
  const command = addDataOptions(
    program
      .command("augment")
      .description(
        "draw what an augmentation does: training images as they are, then as they come in each epoch",
      ),
  )
    .argument("<list>", "as train --augment takes it, such as flip,shift=2,reflect")
    .option("--out <file>", "where to write", "augmentation.png")
    .option("--images <n>", "rows: the first training images", wholeNumber("--images", 1, 100), 8)
    .option("--epochs <n>", "columns", wholeNumber("--epochs", 1, 100), 8)
    .option("--seed <n>", "the training's", wholeNumber("--seed", 0), 1)
    .option("--overwrite", "let --out replace a file")
    .action(async (augmentation: string, options) =>
      (await import("./commands/augment.js")).augmentCommand({ augmentation, ...options }, terminal),
    );
  example(command, "heddle augment flip,shift=2,reflect,erase --out augmentation.png");
}

function addAudit(program: Command, terminal: Terminal): void {
  const { folds, epochs, seed } = auditOptions;
  const audit = program
    .command("audit")
    .description(
      "look a data set over: labels that are likely wrong, duplicates, leaks between parts, odd ones out",
    );
  const command = addThreads(addDataOptions(audit))
    .option("--out <file>", "the page to write, with the pictures", "audit.html")
    .option("--csv <file>", "write every finding as CSV too")
    .option("--folds <n>", folds.meaning, wholeNumber("--folds", 2, 100), folds.default)
    .option("--model <name>", `what learns in each fold (default: a quick one): ${listed(modelNames, "or")}`)
    .option("--epochs <n>", `${epochs.meaning} (default: ${epochs.otherwise})`, wholeNumber("--epochs", 1))
    .option("--from <file|run>", "a trained model: a head learns on its features, in the place of --model")
    .option("--seed <n>", seed.meaning, wholeNumber("--seed", 0), seed.default)
    .option("--no-mirrored", "take mirror images for other pictures, not for duplicates")
    .option("--overwrite", "let --out and --csv replace a file that is there")
    .option("--json", "every finding in one JSON object on stdout")
    .action(async (options) => (await import("./commands/audit.js")).auditCommand(options, terminal));
  example(command, "heddle audit --data photos --from body.safetensors --csv audit.csv");
}

function addReproduce(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program.command("reproduce").description("run the paper's experiments, and go on with what was begun"),
  )
    .argument("[part]", listed(reproductionParts, "or"), "all")
    .option("--epochs <n>", "passes over the training images (default: 50)", wholeNumber("--epochs", 1))
    .option("--seeds <list>", "a trial each; the lowest alone where one is enough (default: 1,2,3)")
    .option("--quick", "everything small, to see it work: no reproduction")
    .option(
      "--parallel <n>",
      "trials that train at once, on their share of the threads: sooner done, each takes longer (default: 1)",
      wholeNumber("--parallel", 1, maximumThreads),
    )
    .option("--out <dir>", "folder of the results (default: reproduction, with --quick reproduction-quick)")
    .option("--dry-run", "show the plan, what is done, and the time left, and run nothing")
    .option("--data <name|dir>", "fashion-mnist, or a folder with four IDX files", "fashion-mnist")
    .action(async (part: string, options) =>
      (await import("./commands/reproduce.js")).reproduceCommand({ part, ...options }, terminal),
    );
  example(command, "heddle reproduce table2 --out results/reproduction");
}

function addSweep(program: Command, terminal: Terminal): void {
  const sweep = program
    .command("sweep")
    .description("train many settings against each other, several at once, and find the best on validation");
  const command = addThreads(sweep)
    .argument("<spec>", "what to try, in a file of YAML or JSON: docs/sweep.md tells how")
    .option(
      "--out <dir>",
      "folder to keep it in, or of a sweep to go on with (default: sweeps/<name of the file>)",
    )
    .option(
      "--parallel <n>",
      "trials that train at once (default: one a thread)",
      wholeNumber("--parallel", 1, maximumThreads),
    )
    .option("--dry-run", "list the trials and train none");
  addOtherDataOptions(command, "another data set than the file's").action(async (spec: string, options) =>
    (await import("./commands/sweep.js")).sweepCommand({ spec, ...options }, terminal),
  );
  example(command, "heddle sweep sweep.yaml --out sweeps/first");
}

function addServe(program: Command, terminal: Terminal): void {
  const { batchSize, batchWait, queue, maxPictures, timeout } = serveOptions;
  const command = addThreads(
    program
      .command("serve")
      .description("answer over HTTP: the Open Inference Protocol, pictures as people send them, and a page"),
  )
    .argument("<models...>", "folders of runs, or model files; the first answers where none is named")
    .option("--host <address>", serveOptions.host.meaning, serveOptions.host.default)
    .option(
      "--port <n>",
      serveOptions.port.meaning,
      wholeNumber("--port", 0, 65_535),
      serveOptions.port.default,
    )
    .option(
      "--token <text>",
      `${serveOptions.token.meaning}, as Authorization: Bearer; others may read it here`,
    )
    .option("--token-file <file>", "a file with that token, which nobody else should be able to read")
    .option("--no-token", "let anybody ask, from other machines too")
    .option("--origin <url...>", "pages of other origins that may ask, or * for all")
    .option("--weights <name>", "of runs: best, last or interrupted", "best")
    .option("--batch-size <n>", batchSize.meaning, wholeNumber("--batch-size", 1, 1024), batchSize.default)
    .option("--batch-wait <ms>", batchWait.meaning, wholeNumber("--batch-wait", 0, 1000), batchWait.default)
    .option("--queue <n>", queue.meaning, wholeNumber("--queue", 1, 2 ** 20), queue.default)
    .option("--max-body <MiB>", "of a request, at most", wholeNumber("--max-body", 1, 1024), 32)
    .option(
      "--max-pictures <n>",
      maxPictures.meaning,
      wholeNumber("--max-pictures", 1, 1024),
      maxPictures.default,
    )
    .option(
      "--timeout <s>",
      "from a request to its answer, at most",
      wholeNumber("--timeout", 1, 3600),
      timeout.default / 1000,
    )
    .option("--quiet", "write no line a request to stdout")
    .action(async (models: string[], options) =>
      (await import("./commands/serve.js")).serveCommand({ models, ...options }, terminal),
    );
  example(command, "heddle serve runs/first --port 8080");
}

function addImport(program: Command, terminal: Terminal): void {
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
      (await import("./commands/import.js")).importCommand({ file, ...options }, terminal),
    );
  example(command, "heddle import resnet.onnx --normalization imagenet --out resnet.safetensors");
}

function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command("export")
    .description("take a run's weights or a model file elsewhere")
    .argument("<model>", "folder of a run, or a model file")
    .requiredOption("--format <name>", listed(exportFormatNames, "or"))
    .requiredOption("--out <path>", "the file or folder to write")
    .option("--weights <name>", "of a run: best, last or interrupted", "best");
  addExportOptions(command)
    .option("--overwrite", "let --out replace a file, or a folder that was exported")
    .action(async (model: string, options) =>
      (await import("./commands/export.js")).exportCommand({ model, ...options }, terminal),
    );
  example(command, "heddle export runs/first --format onnx --output probabilities --out first.onnx");
}

function addBench(program: Command, terminal: Terminal): void {
  const command = program
    .command("bench")
    .description("measure training, inference and kernels against this machine's multiply-add ceiling")
    .argument(
      "[names...]",
      "train/<model>/<batch>, infer/…, predict/<model>/<images>, predict-after-step/…, kernel/…, or the beginning of one",
    )
    .option(
      "--threads <list>",
      "thread counts to measure with, such as 1,2",
      numberList("--threads", 1, maximumThreads),
    )
    .option("--narrow-vectors", narrowText)
    .option("--profile", "show where a step's time goes, by layer and phase (default: train/proposed/128)")
    .option("--json", "environment, ceilings and results as one JSON object on stdout")
    .action(async (names: string[], options) =>
      (await import("./commands/bench.js")).benchCommand({ names, ...options }, terminal),
    );
  example(command, "heddle bench train/proposed/128 --threads 1,2");
}
