import { fashionMnistClassNames } from "../../core/data/fashion-mnist.js";
import { modelDefinitions } from "../../core/models/index.js";
import type { TableData, TableRow } from "../../report/table.js";
import {
  type PaperFigures,
  type PaperModel,
  paperModels,
  paperTable3,
  paperTable3Average,
} from "../paper/paper.js";
import { classMeasure, type Measure, measure, standing } from "../results/measures.js";
import { currentGroup, type ReproductionResults } from "../results/results.js";
import { asShare, differenceCell, meanCell, paperCell, spreadCell } from "./cells.js";

const figures = ["precision", "recall", "f1"] as const;

/** What the paper's figures, rounded to hundredths, can be told apart by. */
const asHundredths = { scale: 1, places: 2 };

const columns = figures.flatMap((figure) =>
  ["paper", "here", "diff."].map((title) => ({
    title,
    group: figure === "f1" ? "F1" : figure,
    numeric: true,
  })),
);

/**
 * A model's table: precision, recall and F1 of each class beside the paper's.
 *
 * @param cell how a figure of ours is written
 */
export function table3(results: ReproductionResults, model: PaperModel, cell = meanCell): TableData {
  const group = currentGroup(results, model);
  const row = (
    name: string,
    paper: PaperFigures,
    of: (figure: (typeof figures)[number]) => Measure,
  ): TableRow => [
    name,
    ...figures.flatMap((figure, index) => {
      const spread = measure(group, of(figure));
      return [
        paperCell(paper[index], 2),
        cell(spread, asShare),
        differenceCell(spread, paper[index], asHundredths, "up"),
      ];
    }),
  ];
  return {
    id: `table-3-${model}`,
    title: `Table 3: ${modelDefinitions[model].title}`,
    caption: `Of each class on the test images, 1,000 a class; ${standing(group)}. Diff.: here less the paper.`,
    columns: [{ title: "class" }, ...columns],
    rows: fashionMnistClassNames.map((name, index) =>
      row(name, paperTable3[index][model], (figure) => classMeasure(index, figure)),
    ),
    footRows: [
      row(
        "average",
        paperTable3Average[model],
        (figure) =>
          ({ test }) =>
            test?.macro[figure] ?? null,
      ),
    ],
  };
}

/** All five models' tables as one, for a file. */
export function table3Long(results: ReproductionResults): TableData {
  const tables = paperModels.map((model) => ({ model, table: table3(results, model, spreadCell) }));
  return {
    id: "table-3",
    title: "Table 3: precision, recall and F1 of each class, all five models",
    caption: `Mean ± standard deviation over the seeds; ${paperModels
      .map((model) => `${modelDefinitions[model].title}: ${standing(currentGroup(results, model))}`)
      .join("; ")}.`,
    columns: [{ title: "model" }, { title: "class" }, ...columns],
    rows: tables.flatMap(({ model, table: { rows, footRows = [] } }) =>
      [...rows, ...footRows].map((cells) => [modelDefinitions[model].title, ...cells]),
    ),
  };
}
