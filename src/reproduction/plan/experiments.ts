/** The experiments of a reproduction, in the order in which they run, and what they bring; a trial may serve several. */
export const experimentTitles = {
  table2: "Table 2, and with it Table 3 and the figures",
  printed: "the printed setting",
  table4: "Table 4, what Table 2 hasn't",
  schedules: "the schedules",
  dropout: "without dropout",
  deeper: "deeper networks",
} as const;

export type Experiment = keyof typeof experimentTitles;

export const experiments = Object.keys(experimentTitles) as readonly Experiment[];

/** What can be asked for alone. Table 3 and the figures are made of Table 2's trials. */
export const reproductionParts = [...experiments, "table3", "figures", "all"] as const;

export type ReproductionPart = (typeof reproductionParts)[number];
