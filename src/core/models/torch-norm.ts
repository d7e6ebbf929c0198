/** How batch normalization is set where a model's source doesn't say: as Torch has it, whose momentum is 1 less ours. */
export const torchNorm = { momentum: 0.9, epsilon: 1e-5 } as const;
