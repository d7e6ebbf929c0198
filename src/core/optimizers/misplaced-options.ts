/** Where options belong that other libraries give their optimizers. */
export const misplacedOptions = {
  learningRate: "Give the learning rate to compile: compile({ optimizer, learningRate }).",
  betas: "Give beta1 and beta2.",
} as const;
