/** Where the paper contradicts itself or leaves out what training needs, and how it is read here. */
export const contradictions: readonly { readonly found: string; readonly reading: string }[] = [
  {
    found: "The abstract has 6,000 training and 1,000 test images, the text six million and ten thousand.",
    reading: "The data set has 60,000 and 10,000, and 375 batches of 128 an epoch are 48,000 of them.",
  },
  {
    found: "Table 1 prints pools of stride 1 and convolutions of stride 2.",
    reading: "Its own output sizes need pools of stride 2 and convolutions of stride 1: the sizes win.",
  },
  {
    found: "Table 1's input is 26×26×1, the text's 28×28×1.",
    reading: "28×28×1; 26×26 is the size after C1.",
  },
  {
    found: "Figure 4's caption says “proposed”, the text says that it shows the plain CNN.",
    reading: "The plain CNN.",
  },
  {
    found:
      "The gains of 4.5, 5.7 and 6.9 % are not Table 2's differences to the models that they are given for.",
    reading:
      "They are ratios of Table 3's rounded averages (93/89, 93/88, 93/87). The abstract's 4.6 % follows from neither.",
  },
  {
    found: "The optimizer is “an adaptive gradient descent algorithm, such as Adam”, its rate starts at 0.1.",
    reading: "The printed setting is trained as it stands, by Adam and by SGD, as rows of their own.",
  },
  {
    found: "The bodies of Equations 1 to 7 and of Algorithm 1 are not in the text that we have.",
    reading:
      "Algorithm 1 is reconstructed as α₀ · (ρ + (1 − ρ) · e^(−dr · p)), p the share of all steps done, ρ = 0.1, dr = 5: it follows from the batch size only through the number of steps, and settles at a tenth of its start, as Figure 2 does.",
  },
  {
    found: "CNN, LeNet, LSTM and BiLSTM are named and not specified.",
    reading: "The field's usual forms, given in full by `heddle models`.",
  },
  {
    found:
      "Which epoch's weights are judged, how many trials stand behind a number, and the seeds are not said.",
    reading: "The weights of the epoch best by validation; three seeds; both said beside each number.",
  },
];
