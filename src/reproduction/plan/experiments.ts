/** The experiments of a reproduction; a trial may serve several. */
export const experiments = ["table2", "printed", "table4", "schedules", "dropout", "deeper"] as const;

export type Experiment = (typeof experiments)[number];

/** What can be asked for alone. Table 3 and the figures are made of Table 2's trials. */
export const reproductionParts = [
  "table2",
  "table3",
  "table4",
  "figures",
  "schedules",
  "printed",
  "dropout",
  "deeper",
  "all",
] as const;

export type ReproductionPart = (typeof reproductionParts)[number];
