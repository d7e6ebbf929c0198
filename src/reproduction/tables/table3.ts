import { fashionMnistClassNames } from "../../core/data/fashion-mnist.js";
import { modelDefinitions } from "../../core/models/index.js";
import {
  type PaperFigures,
  type PaperModel,
  paperModels,
  paperTable3,
  paperTable3Average,
} from "../paper/paper.js";
import { modelGroup, standing } from "../results/groups.js";
import { classMeasure, type Measure } from "../results/measures.js";
import type { ReproductionResults } from "../results/results.js";
import { besidePaper, type Column, type GroupRow, type Table } from "./columns.js";

const figures = ["precision", "recall", "f1"] as const;
type Figure = (typeof figures)[number];

interface Row extends GroupRow {
  readonly name: string;
  readonly paper: PaperFigures;
  of(figure: Figure): Measure;
}

const averageOf = (figure: Figure): Measure => ({
  ...classMeasure(0, figure),
  read: ({ test }) => test?.macro[figure] ?? null,
});

const columns: readonly Column<Row>[] = [
  { title: "class", cell: ({ name }) => name },
  ...figures.flatMap((figure, index) =>
    besidePaper<Row>(
      figure === "f1" ? "F1" : figure,
      ({ of }) => of(figure),
      ({ paper }) => paper[index],
      {
        brief: ["docs", "page"],
        // The paper's figures are rounded to hundredths.
        places: { difference: 2 },
      },
    ),
  ),
];

/** A model's table: precision, recall and F1 of each class beside the paper's. */
export function table3(results: ReproductionResults, model: PaperModel): Table<Row> {
  const group = modelGroup(results, model);
  return {
    id: `table-3-${model}`,
    title: `Table 3: ${group.title}`,
    caption: `Of each class on the test images; ${standing(group)}. Diff.: here less the paper.`,
    columns,
    rows: fashionMnistClassNames.map((name, index) => ({
      name,
      group,
      paper: paperTable3[index][model],
      of: (figure) => classMeasure(index, figure),
    })),
    footRows: [{ name: "average", group, paper: paperTable3Average[model], of: averageOf }],
  };
}

/** All five models' tables as one, for a file. */
export const table3OfAll = (results: ReproductionResults): Table<Row> => ({
  id: "table-3",
  title: "Table 3: precision, recall and F1 of each class, all five models",
  caption: `Mean ± standard deviation over the seeds; ${paperModels
    .map((model) => `${modelDefinitions[model].title}: ${standing(modelGroup(results, model))}`)
    .join("; ")}.`,
  columns: [{ title: "model", cell: ({ group }) => group.title }, ...columns],
  rows: paperModels.flatMap((model) => {
    const { rows, footRows = [] } = table3(results, model);
    return [...rows, ...footRows];
  }),
});
