import type { ModelName } from "../../core/models/index.js";

// What the paper prints, typed in once and tested against itself: "A Novel Method for Fashion Clothing Image
// Classification Based on Deep Learning", Journal of ICT 22(1), January 2023, pp. 127–148.

/** Models in the order of the paper's tables. */
export const paperModels = ["cnn", "lenet", "lstm", "bilstm", "proposed"] as const satisfies ModelName[];

/** One of the paper's models. */
export type PaperModel = (typeof paperModels)[number];

export const isPaperModel = (name: string): name is PaperModel => paperModels.some((model) => model === name);

/** Networks of the kind that the abstract argues against; the paper trains none, so that it has no figures of them. */
export const deeperModels = ["resNet20", "vggSmall"] as const satisfies ModelName[];

/** Every model that the reproduction trains. */
export const trainedModels = [...paperModels, ...deeperModels] as const;

export type TrainedModel = (typeof trainedModels)[number];

/** Table 2: test accuracy in percent, loss. */
export const paperTable2: Readonly<Record<PaperModel, { readonly accuracy: number; readonly loss: number }>> =
  {
    cnn: { accuracy: 89.1, loss: 0.37 },
    lenet: { accuracy: 87.65, loss: 0.34 },
    lstm: { accuracy: 87.15, loss: 0.36 },
    bilstm: { accuracy: 87.49, loss: 0.36 },
    proposed: { accuracy: 92.87, loss: 0.2 },
  };

/** [precision, recall, F1], shares of 1. */
export type PaperFigures = readonly [precision: number, recall: number, f1: number];

const columns = (...shares: readonly number[]): Readonly<Record<PaperModel, PaperFigures>> => {
  const of = (model: number): PaperFigures => [
    shares[3 * model],
    shares[3 * model + 1],
    shares[3 * model + 2],
  ];
  return { cnn: of(0), lenet: of(1), lstm: of(2), bilstm: of(3), proposed: of(4) };
};

/** Table 3, a row a class in the data set's order: what each model reaches. */
export const paperTable3: readonly Readonly<Record<PaperModel, PaperFigures>>[] = [
  columns(0.86, 0.8, 0.83, 0.88, 0.74, 0.8, 0.8, 0.82, 0.81, 0.85, 0.79, 0.82, 0.88, 0.88, 0.88),
  columns(0.98, 0.98, 0.98, 0.99, 0.97, 0.98, 0.99, 0.96, 0.98, 0.99, 0.97, 0.98, 0.99, 0.99, 0.99),
  columns(0.85, 0.77, 0.8, 0.76, 0.86, 0.81, 0.77, 0.8, 0.79, 0.78, 0.79, 0.78, 0.91, 0.86, 0.88),
  columns(0.92, 0.89, 0.9, 0.89, 0.88, 0.88, 0.82, 0.92, 0.87, 0.87, 0.88, 0.88, 0.93, 0.95, 0.94),
  columns(0.82, 0.87, 0.84, 0.81, 0.79, 0.8, 0.8, 0.75, 0.77, 0.77, 0.84, 0.8, 0.87, 0.89, 0.88),
  columns(0.96, 0.95, 0.96, 0.99, 0.92, 0.95, 0.98, 0.96, 0.97, 0.97, 0.94, 0.95, 0.99, 0.98, 0.98),
  columns(0.69, 0.78, 0.73, 0.67, 0.7, 0.68, 0.67, 0.62, 0.65, 0.71, 0.66, 0.68, 0.78, 0.8, 0.79),
  columns(0.95, 0.93, 0.94, 0.92, 0.96, 0.94, 0.92, 0.98, 0.95, 0.91, 0.96, 0.94, 0.96, 0.97, 0.96),
  columns(0.96, 0.98, 0.97, 0.96, 0.97, 0.96, 0.97, 0.97, 0.97, 0.95, 0.97, 0.96, 0.99, 0.99, 0.99),
  columns(0.93, 0.97, 0.95, 0.94, 0.97, 0.95, 0.98, 0.95, 0.96, 0.96, 0.95, 0.95, 0.98, 0.97, 0.97),
];

/** Table 3's last row, "avg/total". */
export const paperTable3Average = columns(
  0.89,
  0.89,
  0.89,
  0.88,
  0.88,
  0.88,
  0.87,
  0.87,
  0.87,
  0.87,
  0.87,
  0.87,
  0.93,
  0.93,
  0.93,
);

interface PaperBatch {
  readonly batchSize: number;
  /** Percent. */
  readonly accuracy: number;
  readonly loss: number;
  readonly auc: number;
}

/** Table 4, the proposed model by batch size. */
export const paperTable4: readonly PaperBatch[] = [
  { batchSize: 32, accuracy: 91.7, loss: 0.2137, auc: 0.9969 },
  { batchSize: 64, accuracy: 92.42, loss: 0.2034, auc: 0.9976 },
  { batchSize: 128, accuracy: 92.87, loss: 0.2003, auc: 0.9977 },
  { batchSize: 256, accuracy: 92.88, loss: 0.1939, auc: 0.9978 },
  { batchSize: 512, accuracy: 92.69, loss: 0.1997, auc: 0.9976 },
];

/** "Implementation Detail": what the text fixes of the training. */
export const paperProtocol = {
  train: 48_000,
  batchSize: 128,
  stepsPerEpoch: 375,
  epochs: 50,
  learningRate: 0.1,
  minLearningRate: 1e-8,
  maxLearningRate: 0.1,
} as const;

/** Gains over CNN, LeNet and the two LSTMs that the conclusion gives, percent. */
export const paperGains = { cnn: 4.5, lenet: 5.7, lstm: 6.9, bilstm: 6.9 } as const;

/** The gain over the CNN that the abstract gives, percent. */
export const paperGainInAbstract = 4.6;

/** Areas under the ROC curve that the text reads off Figures 7 and 8. */
export const paperAuc = { all: 0.998, shirt: 0.98 } as const;
