/** What others have published of Fashion-MNIST, by their own words. */
export interface Anchor {
  readonly name: string;
  /** Of the test images, in per cent. */
  readonly accuracy: number;
  readonly parameters?: string;
  readonly epochs?: number;
  readonly source: string;
}

const repository = (path: string): string => `https://github.com/${path}`;

/** None of them says how long it trained on what. */
export const anchors: readonly Anchor[] = [
  {
    name: "DARTS, fine-tuned",
    accuracy: 96.91,
    source: "https://arxiv.org/abs/2006.09042",
  },
  {
    name: "WRN-28-10, random erasing",
    accuracy: 95.8,
    parameters: "36 M",
    epochs: 300,
    source: `${repository("zhunzhong07/Random-Erasing")}, issue 9: on today's data`,
  },
  {
    name: "ResNet-20, random erasing",
    accuracy: 95.55,
    parameters: "0.27 M",
    epochs: 300,
    source: `${repository("zhunzhong07/Random-Erasing")}, issue 10`,
  },
  {
    name: "DenseNet-BC",
    accuracy: 95.4,
    parameters: "0.77 M",
    epochs: 100,
    source: `${repository("zalandoresearch/fashion-mnist")}, README`,
  },
  {
    name: "two convolutions in Keras, augmented",
    accuracy: 93.43,
    parameters: "0.49 M",
    epochs: 80,
    source: repository("cmasch/zalando-fashion-mnist"),
  },
  {
    name: "the paper's Proposed CNN",
    accuracy: 92.87,
    parameters: "0.49 M",
    epochs: 50,
    source: "the paper",
  },
  { name: "people", accuracy: 83.5, source: `${repository("zalandoresearch/fashion-mnist")}, README` },
];
