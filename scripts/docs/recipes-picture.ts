import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { duration, percent } from "#heddle/core/words.js";
import { recipeNames, recipes } from "#heddle/recipes/index.js";
import { paperModels } from "#heddle/reproduction/paper/paper.js";
import { modelGroups } from "#heddle/reproduction/results/groups.js";
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

/** The paper's five networks by its protocol. */
function paperPoints(results: ReproductionResults): Point[] {
  return modelGroups(results, paperModels).flatMap((group) => {
    const accuracy = measure(group, measures.testAccuracy);
    const minutes = measure(group, measures.minutes);
    return accuracy && minutes
      ? [{ name: group.title, seconds: 60 * minutes.mean, accuracy: 100 * accuracy.mean }]
      : [];
  });
}

const least = 86;

function picture(results: ReproductionResults): string {
  const [own, paper] = [recipePoints(), paperPoints(results)];
  const seconds = [...own, ...paper].map((point) => point.seconds);
  const shown = anchors.filter(({ accuracy }) => accuracy >= least);
  const series = (name: string, points: readonly Point[], color: string, symbol: string) => ({
    type: "scatter",
    name,
    symbol,
    symbolSize: 12,
    itemStyle: { color },
    data: points.map((point) => ({ name: point.name, value: [point.seconds, point.accuracy] })),
    label: { show: true, position: "right", formatter: "{b}", color, fontSize: 14 },
    labelLayout: { moveOverlap: "shiftY" },
  });
  const axis = { axisLabel: text, nameTextStyle: text, splitLine: { lineStyle: { color: faint } } };
  return svg({
    width: 700,
    height: 520,
    title: "Test accuracy on Fashion-MNIST against training time",
    description: [...own, ...paper]
      .map(({ name, seconds: time, accuracy }) => `${name}: ${percent(accuracy / 100)} in ${duration(time)}`)
      .join("; "),
    option: {
      title: {
        text: "Fashion-MNIST: test accuracy against training time",
        subtext: "means over seeds, on two cores; lines: published figures, whose times nobody tells",
        left: 8,
        top: 6,
        textStyle: { color: ink, fontSize: 18 },
        subtextStyle: { color: ink, fontSize: 14 },
      },
      legend: { top: 58, left: 8, itemGap: 28, itemWidth: 14, textStyle: text },
      grid: { left: 60, right: 150, top: 96, bottom: 56 },
      xAxis: {
        ...axis,
        type: "log",
        min: 10,
        max: Math.max(3600, 2 * Math.max(0, ...seconds)),
        name: "seconds of training, teacher included",
        nameLocation: "middle",
        nameGap: 32,
      },
      yAxis: {
        ...axis,
        type: "value",
        min: least,
        max: 98,
        interval: 2,
        axisLabel: { ...text, formatter: "{value} %" },
      },
      series: [
        series("recipes", own, blue, "circle"),
        {
          ...series("the paper's networks by its protocol", paper, orange, "triangle"),
          markLine: {
            silent: true,
            symbol: "none",
            lineStyle: { color: grey, type: "dashed" },
            data: shown.map(({ name, accuracy }, index) => ({
              name: `${name}: ${accuracy}`,
              yAxis: accuracy,
              // Those that lie close to each other are named at either end.
              label: {
                position: (["insideStartTop", "insideEndTop", "insideStartTop", "insideEndBottom"] as const)[
                  index % 4
                ],
                backgroundColor: "#ffffff",
                formatter: "{b}",
                color: grey,
                fontSize: 12,
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
