import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FirstDifference } from "../../run/verify/difference.js";
import type { Verification } from "../../run/verify/verification.js";
import { verificationWords } from "./verification-words.js";

const verification: Verification = {
  of: "runs/a",
  identical: true,
  epochs: 2,
  epochsRecorded: 5,
  compared: {
    data: true,
    figures: 2,
    weights: 1,
    best: true,
    last: false,
    calibration: false,
    predictions: false,
  },
  arithmeticVersion: 2,
  fusedMultiplyAdd: true,
  threads: 2,
  vectorBits: 256,
};

const both = { recorded: "aa", here: "bb" };
const tensor = {
  tensor: "C1.kernel",
  index: [0, 2],
  recorded: Math.fround(0.1),
  here: -1,
  count: 3,
  of: 1500,
};

const differences: readonly [FirstDifference, readonly string[]][] = [
  [
    { at: "data", part: "train", what: "labels", ...both },
    [
      "Different: before training, the labels of its train part are others.",
      "  SHA-256: aa in the record, bb here",
    ],
  ],
  [
    { at: "epoch", epoch: 2, digests: both, tensor, figures: [] },
    [
      "Different: it first came to something else in epoch 2.",
      "  C1.kernel[0, 2]: 0.100000001 in the record, -1 here (3 of its 1,500 numbers)",
      "  SHA-256 of the weights: aa in the record, bb here",
    ],
  ],
  [
    { at: "end", epoch: 2, reason: "diverged" },
    ["Different: training came to its end otherwise, after epoch 2: diverged."],
  ],
  [
    { at: "weights", weights: "best", epoch: 1, tensor },
    [
      "Different: its best weights, of epoch 1, are others.",
      "  C1.kernel[0, 2]: 0.100000001 in the record, -1 here (3 of its 1,500 numbers)",
    ],
  ],
  [
    { at: "calibration", ...both },
    [
      "Different: its weights are the same, but their calibration found something else.",
      "  calibration: aa in the record, bb here",
    ],
  ],
  [
    { at: "predictions", what: "loss", recorded: 0.5, here: 0.25 },
    [
      "Different: its weights are the same, but the loss on the test images is another.",
      "  predictions: 0.5 in the record, 0.25 here",
    ],
  ],
];

describe("what repeating a run came to, in words", () => {
  const trained =
    "2 of 5 epochs trained again, on 2 threads, with fused multiply-adds and vectors of 256 bits";

  it("is the verdict and what it stands on", () => {
    assert.deepEqual(verificationWords(verification), [
      `Byte-identical: ${trained}.`,
      "The same to the last bit: images and labels, losses and accuracies of 2 epochs, weights after 1 of them and the best weights.",
    ]);
  });

  for (const [difference, lines] of differences) {
    it(`says where it first differs: ${difference.at}`, () => {
      const words = verificationWords({ ...verification, identical: false, difference });
      assert.deepEqual(words, [...lines, `${trained}.`]);
    });
  }
});
