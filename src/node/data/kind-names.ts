/** What a data set can be: see `dataKinds`. */
export const dataKindNames = [
  "fashion-mnist",
  "idx",
  "npz",
  "cifar",
  "pixel-csv",
  "image-folder",
  "image-list",
] as const;

export type DataKindName = (typeof dataKindNames)[number];
