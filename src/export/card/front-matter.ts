import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { usualLoss } from "../../core/loss.js";
import type { RunEvaluation } from "../../run/evaluation-schema.js";
import type { RunConfig } from "../../run/run-config.js";
import type { ExportSource } from "../export-source.js";
import { type YamlValue, yaml } from "../yaml.js";
import type { ExportCardOptions } from "./card-options.js";

/** How people call a data set; a folder by its name alone, for its place is nobody's concern. */
export const dataTitle = (data: string): string =>
  data === fashionMnist
    ? "Fashion-MNIST"
    : (data.split(/[\\/]/).findLast((part) => part !== "") ?? data).replace(/\.[a-z]+$/u, "");

/** The same as an identifier. */
const dataName = (data: string): string => (data === fashionMnist ? fashionMnist : dataTitle(data));

/** What model hubs read of a card: https://huggingface.co/docs/hub/model-cards. */
export function frontMatter({ name, contents, run }: ExportSource, { licence }: ExportCardOptions): string {
  const { loss = usualLoss } = contents;
  return `---\n${yaml({
    library_name: "heddle",
    pipeline_tag: "image-classification",
    license: licence,
    tags: ["image-classification", ...(loss === usualLoss ? [] : ["multi-label"]), "heddle"],
    datasets: run && [dataName(run.config.data)],
    metrics: run?.evaluation && ["accuracy", "f1"],
    "model-index": run?.evaluation && [modelIndex(name, run.config, run.evaluation)],
  })}---\n`;
}

function modelIndex(name: string, { data }: RunConfig, evaluation: RunEvaluation): YamlValue {
  const { accuracy, macro, macroAuc, loss, expectedCalibrationError } = evaluation;
  const figures: readonly (readonly [type: string, title: string, value: number | null])[] = [
    ["accuracy", "Accuracy", accuracy],
    ["f1", "Macro F1", macro.f1],
    ["precision", "Macro precision", macro.precision],
    ["recall", "Macro recall", macro.recall],
    ["roc_auc", "Macro AUC", macroAuc],
    ["cross_entropy", "Loss (nats)", loss],
    ["expected_calibration_error", "Expected calibration error", expectedCalibrationError],
  ];
  const metrics = figures.flatMap(([type, title, value]) =>
    value === null ? [] : [{ type, value, name: title }],
  );
  return {
    name,
    results: [
      {
        task: { type: "image-classification", name: "Image classification" },
        dataset: { type: dataName(data), name: dataTitle(data), split: "test" },
        metrics,
      },
    ],
  };
}
