import { plural } from "../../core/words.js";
import { judgedImages } from "../../report/blocks/judged-images.js";
import { meanConfusion, modelGroup } from "../results/groups.js";
import { type PredictedNetwork, predictedNetworks } from "../results/networks.js";
import type { ReproductionResults } from "../results/results.js";
import { missing, numberCell, type Table } from "./columns.js";

interface Row {
  readonly truth: string;
  readonly taken: string;
  /** Images a network. */
  readonly count: number;
  /** Of the images of the true class. */
  readonly percent: number;
  /** Of the predicted class, of every such image of every network. */
  readonly probabilities: readonly number[];
  readonly sources: readonly string[];
}

const sureCell = ({ probabilities }: Row, of: (probability: number) => number) =>
  probabilities.length === 0
    ? missing()
    : numberCell(100 * (probabilities.reduce((sum, each) => sum + of(each), 0) / probabilities.length));

/** What Shirts are taken for, and what is taken for a Shirt: how often, and how sure the networks are of it. */
export function shirtTable(results: ReproductionResults): Table<Row> {
  const networks = predictedNetworks(results);
  return {
    id: "shirt-table",
    title: "What Shirts are taken for, and what is taken for a Shirt",
    caption: `Images of the test set, mean over ${plural(networks.length, "network")}, one a seed. Share: of the images of the true class. Sure: mean probability of the predicted class over these images, and the share of them with 90 % or more.`,
    empty: "Not run yet: needs the predictions of Table 2's Proposed CNN on data that has a class Shirt.",
    columns: [
      { title: "true class", cell: ({ truth }) => truth },
      { title: "taken for", cell: ({ taken }) => taken },
      {
        title: "images",
        numeric: true,
        cell: ({ count, sources }) => ({ ...numberCell(count, 1), sources }),
      },
      { title: "share, %", numeric: true, cell: ({ percent }) => numberCell(percent, 1) },
      { title: "mean, %", group: "sure", numeric: true, cell: (row) => sureCell(row, (each) => each) },
      {
        title: "from 90 % on, %",
        group: "sure",
        numeric: true,
        cell: (row) => sureCell(row, (each) => (each >= 0.9 ? 1 : 0)),
      },
    ],
    rows: rowsOf(results, networks),
  };
}

function rowsOf(results: ReproductionResults, networks: readonly PredictedNetwork[]): Row[] {
  const confusion = meanConfusion(modelGroup(results, "proposed"));
  const names = networks[0]?.evaluation.classes.map(({ name }) => name) ?? [];
  const shirt = names.indexOf("Shirt");
  if (!confusion || shirt === -1) return [];
  const images = networks.flatMap(judgedImages);
  const sources = networks.map(({ id }) => id);
  const row = (truth: number, taken: number): Row => {
    const count = confusion[truth][taken];
    const all = confusion[truth].reduce((sum, value) => sum + value, 0);
    const own = images.filter(({ label, predicted }) => label === truth && predicted === taken);
    return {
      truth: names[truth],
      taken: names[taken],
      count,
      percent: all === 0 ? 0 : (100 * count) / all,
      probabilities: own.map(({ probability }) => probability),
      sources,
    };
  };
  const others = [...names.keys()].filter((index) => index !== shirt);
  const mistaken = (rows: readonly Row[]) =>
    rows.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  return [
    row(shirt, shirt),
    ...mistaken(others.map((other) => row(shirt, other))),
    ...mistaken(others.map((other) => row(other, shirt))),
  ];
}
