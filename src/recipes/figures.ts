import type { RecipeName } from "./recipe-names.js";

/** What a recipe came to, over its seeds. */
export interface RecipeFigures {
  readonly seeds: number;
  /** Of the test images, 0 … 1: the mean, and the sample's standard deviation where there are several seeds. */
  readonly accuracy: number;
  readonly deviation?: number;
  /** Of training, a teacher's included, on an otherwise idle machine; absent where that wasn't measured. */
  readonly seconds?: number;
  /** Where that was. */
  readonly machine?: string;
}

/** Written by `npm run docs` from results/recipes. */
export const recipeFigures: Readonly<Partial<Record<RecipeName, RecipeFigures>>> = {
  "paper-budget": {
    seeds: 5,
    accuracy: 0.9343,
    deviation: 0.0012206555615733427,
    seconds: 354.92465636300005,
    machine: "AMD EPYC, 2 threads, Node 24",
  },
  swift: {
    seeds: 5,
    accuracy: 0.9321400000000001,
    deviation: 0.0015725775020646912,
    seconds: 29.146663703,
    machine: "AMD EPYC, 2 threads, Node 24",
  },
  "proposed-tuned": {
    seeds: 5,
    accuracy: 0.94032,
    deviation: 0.001105441088434852,
    seconds: 1563.3805486169997,
    machine: "AMD EPYC, 2 threads, Node 24",
  },
  balanced: {
    seeds: 3,
    accuracy: 0.9495,
    deviation: 0.0020000000000000018,
    seconds: 671.572901567,
    machine: "AMD EPYC, 2 threads, Node 24",
  },
  accurate: {
    seeds: 3,
    accuracy: 0.9508,
    deviation: 0.0013747727084867096,
    seconds: 1381.2239367149998,
    machine: "AMD EPYC, 2 threads, Node 24",
  },
  cifar: {
    seeds: 3,
    accuracy: 0.9138000000000001,
    deviation: 0.00043588989435408305,
    seconds: 2951.4753393149995,
    machine: "AMD EPYC, 2 threads, Node 24",
  },
};
