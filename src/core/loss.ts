/**
 * What training makes small. "crossEntropy": each image has one class, or probabilities of all of them, and the
 * outputs are their softmax. "binaryCrossEntropy": each image may have any number of labels, and the outputs are
 * sigmoids, a probability for each label by itself.
 */
export type LossName = "crossEntropy" | "binaryCrossEntropy";

export const lossNames: readonly LossName[] = ["crossEntropy", "binaryCrossEntropy"];

/** What is learned where nobody says. */
export const usualLoss = "crossEntropy" satisfies LossName;
