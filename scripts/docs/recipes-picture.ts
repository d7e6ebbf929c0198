import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { duration, percent } from "#heddle/core/words.js";
import { recipeNames, recipes } from "#heddle/recipes/index.js";
import { paperProtocol, trainedModels } from "#heddle/reproduction/paper/paper.js";
import { epochTimeOf } from "#heddle/reproduction/results/epoch-times.js";
import { modelGroup } from "#heddle/reproduction/results/groups.js";
import { measure, measures } from "#heddle/reproduction/results/measures.js";
import type { ReproductionResults } from "#heddle/reproduction/results/results.js";
import { anchors } from "../recipes/anchors.js";
import type { RecipeFile } from "../recipes/file.js";
import { resultOf, secondsOf } from "./recipe-figures.js";
import { mean, type Section } from "./results.js";
import { blue, faint, grey, ink, orange, svg, text } from "./svg.js";

const file = join("docs", "pictures", "recipes.svg");

/** Shows it. */
const page = join("docs", "recipes.md");

interface Point {
  readonly name: string;
  readonly seconds: number;
  /** Per cent. */
  readonly accuracy: number;
}

/** Recipes for Fashion-MNIST, by their mean time: of runs with a machine to themselves where there are any. */
function recipePoints(): Point[] {
  return recipeNames
    .filter((name) => recipes[name].images === "fashion-mnist")
    .flatMap((name) => {
      const runs = resultOf<RecipeFile>("", name)?.runs ?? [];
      if (runs.length === 0) return [];
      const alone = runs.filter(({ idle }) => idle);
      const seconds = mean((alone.length > 0 ? alone : runs).map(secondsOf));
      return [{ name, seconds, accuracy: 100 * mean(runs.map(({ accuracy }) => accuracy)) }];
    });
}

/** The paper's networks by its protocol, and the deeper ones, those whose epoch's time is measured: trials share their machine. */
function paperPoints(results: ReproductionResults): Point[] {
  return trainedModels.flatMap((model) => {
    const group = modelGroup(results, model);
    const accuracy = measure(group, measures.testAccuracy);
    const epoch = epochTimeOf(results.epochTimes, model);
    if (!accuracy || !epoch) return [];
    const seconds = paperProtocol.epochs * epoch.seconds;
    return [{ name: group.title, seconds, accuracy: 100 * accuracy.mean }];
  });
}

/** Per cent: the axis' ends. */
const [least, most] = [90, 98];

/** Pixels: of the picture, and around the plot; published figures are named to its right. */
const size = { width: 860, height: 560 };
const grid = { left: 60, right: 300, top: 96, bottom: 56 };

/** Pixels that lines' names stand apart at least. */
const lineHeight = 16;

/** How far down from its line each name goes, in pixels, so that none covers another. */
function nameShifts(accuracies: readonly number[]): ReadonlyMap<number, number> {
  const perCent = (size.height - grid.top - grid.bottom) / (most - least);
  const shifts = new Map<number, number>();
  let free = Number.NEGATIVE_INFINITY;
  for (const accuracy of [...accuracies].sort((a, b) => b - a)) {
    const wanted = (most - accuracy) * perCent;
    const place = Math.max(wanted, free);
    shifts.set(accuracy, place - wanted);
    free = place + lineHeight;
  }
  return shifts;
}

/** Where a point's name covers neither a line nor another point. */
function placeOfName({ seconds, accuracy }: Point, points: readonly Point[]): "top" | "right" {
  if (anchors.some((anchor) => Math.abs(anchor.accuracy - accuracy) < 0.15)) return "top";
  const taken = points.some(
    (other) =>
      Math.abs(other.accuracy - accuracy) < 0.3 && other.seconds > seconds && other.seconds < 5 * seconds,
  );
  return taken ? "top" : "right";
}

function picture(results: ReproductionResults): string {
  const [own, paper] = [recipePoints(), paperPoints(results)];
  const seconds = [...own, ...paper].map((point) => point.seconds);
  const shown = anchors.filter(({ accuracy }) => accuracy >= least);
  const shifts = nameShifts(shown.map(({ accuracy }) => accuracy));
  const series = (name: string, points: readonly Point[], color: string, symbol: string) => ({
    type: "scatter",
    name,
    symbol,
    symbolSize: 12,
    itemStyle: { color },
    data: points.map((point) => ({
      name: point.name,
      value: [point.seconds, point.accuracy],
      label: { position: placeOfName(point, [...own, ...paper]) },
    })),
    label: {
      ...{ show: true, formatter: "{b}", color, fontSize: 14 },
      ...{ backgroundColor: "#ffffff", padding: [1, 3] },
    },
    labelLayout: { moveOverlap: "shiftY" },
  });
  const axis = { axisLabel: text, nameTextStyle: text, splitLine: { lineStyle: { color: faint } } };
  return svg({
    ...size,
    title: "Test accuracy on Fashion-MNIST against training time",
    description: [...own, ...paper]
      .map(({ name, seconds: time, accuracy }) => `${name}: ${percent(accuracy / 100)} in ${duration(time)}`)
      .join("; "),
    option: {
      title: {
        text: "Fashion-MNIST: test accuracy against training time",
        subtext:
          "accuracy: means over seeds; time: an idle machine of two cores; lines: published figures, whose times nobody tells",
        left: 8,
        top: 6,
        textStyle: { color: ink, fontSize: 18 },
        subtextStyle: { color: ink, fontSize: 14 },
      },
      legend: { top: 58, left: 8, itemGap: 28, itemWidth: 14, textStyle: text },
      grid,
      xAxis: {
        ...axis,
        type: "log",
        min: 10,
        max: 10 ** Math.ceil(Math.log10(Math.max(3600, ...seconds))),
        name: "seconds of training, teacher included",
        nameLocation: "middle",
        nameGap: 32,
      },
      yAxis: {
        ...axis,
        type: "value",
        min: least,
        max: most,
        interval: 2,
        axisLabel: { ...text, formatter: "{value} %" },
      },
      series: [
        series("recipes", own, blue, "circle"),
        {
          ...series("networks by the paper's protocol", paper, orange, "triangle"),
          markLine: {
            silent: true,
            z: 1,
            symbol: "none",
            lineStyle: { color: grey, type: "dashed" },
            data: shown.map(({ name, accuracy }) => ({
              name: `${name}: ${accuracy}`,
              yAxis: accuracy,
              label: {
                ...{ position: "end", formatter: "{b}", color: grey, fontSize: 12 },
                offset: [0, shifts.get(accuracy)],
              },
            })),
          },
        },
      ],
    },
  });
}

/** Writes the picture, or only compares (`check`). @returns the file where it differs */
export function updateRecipesPicture(results: ReproductionResults, check: boolean): readonly string[] {
  if (!existsSync(page)) return [];
  const content = picture(results);
  if (existsSync(file) && readFileSync(file, "utf8") === content) return [];
  if (!check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return [file];
}

export const recipesPictureSection: Section = (root) =>
  `![Test accuracy on Fashion-MNIST against training time: recipes, the paper's networks, published figures](${root}${file})`;
