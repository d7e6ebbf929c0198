import { counted, listed, plural } from "../../core/words.js";
import type { FirstDifference, TensorDifference } from "../../run/verify/difference.js";
import type { ComparedParts, Verification } from "../../run/verify/verification.js";

/** What repeating a run came to, a line each: the verdict, then what it stands on. */
export function verificationWords(verification: Verification): string[] {
  const { difference, epochs, epochsRecorded, compared, teacher } = verification;
  const trained = `${epochs} of ${plural(epochsRecorded, "epoch")} trained again${placeWords(verification)}`;
  if (!difference) {
    return [
      `Byte-identical: ${trained}.`,
      `The same to the last bit: ${comparedWords(compared)}.`,
      ...(teacher
        ? [
            `What its teacher ${JSON.stringify(teacher.name)} said is its record's: that network, of SHA-256 ${teacher.digest}, was not trained again.`,
          ]
        : []),
    ];
  }
  return [
    `Different: ${whereWords(difference)}.`,
    ...detailLines(difference).map((line) => `  ${line}`),
    `${trained}.`,
  ];
}

function placeWords({ threads, vectorBits, fusedMultiplyAdd }: Verification): string {
  if (threads === undefined) return "";
  const arithmetic = fusedMultiplyAdd ? "fused multiply-adds" : "plain multiply and add";
  return `, on ${plural(threads, "thread")}, with ${arithmetic} and vectors of ${vectorBits} bits`;
}

function comparedWords({
  data,
  figures,
  weights,
  best,
  last,
  calibration,
  predictions,
}: ComparedParts): string {
  return listed([
    ...(data ? ["images and labels"] : []),
    ...(figures > 0 ? [`losses and accuracies of ${plural(figures, "epoch")}`] : []),
    ...(weights > 0 ? [`weights after ${weights === figures ? "each" : `${weights} of them`}`] : []),
    ...(best ? ["the best weights"] : []),
    ...(last ? ["the last weights"] : []),
    ...(calibration ? ["their calibration"] : []),
    ...(predictions === "digest" ? ["every probability on the test images"] : []),
    ...(predictions === "figures" ? ["accuracy and loss on the test images"] : []),
  ]);
}

function whereWords(difference: FirstDifference): string {
  switch (difference.at) {
    case "data":
      return `before training, the ${difference.what} of its ${difference.part} part ${difference.what === "count" ? "is another" : "are others"}`;
    case "epoch":
      return `it first came to something else in epoch ${difference.epoch}`;
    case "end":
      return `training came to its end otherwise, after epoch ${difference.epoch}: ${difference.reason}`;
    case "weights":
      return `its ${difference.weights} weights, of epoch ${difference.epoch}, are others`;
    case "calibration":
      return "its weights are the same, but their calibration found something else";
    case "predictions":
      return `its weights are the same, but the ${difference.what} on the test images ${difference.what === "probabilities" ? "are others" : "is another"}`;
  }
}

function detailLines(difference: FirstDifference): string[] {
  switch (difference.at) {
    case "end":
      return [];
    case "epoch":
      return [
        ...(difference.tensor ? [tensorWords(difference.tensor)] : []),
        ...difference.figures.map(({ figure, ...both }) => bothWords(figure, both)),
        ...(difference.digests ? [bothWords("SHA-256 of the weights", difference.digests)] : []),
        ...(difference.tensor
          ? []
          : ["The run kept no weights of this epoch, so that no tensor of it can be named."]),
      ];
    case "weights":
      return [
        ...(difference.tensor ? [tensorWords(difference.tensor)] : []),
        ...(difference.digests ? [bothWords("SHA-256 of the file", difference.digests)] : []),
      ];
    case "data":
      return [bothWords(difference.what === "count" ? "images" : "SHA-256", difference)];
    default:
      return [bothWords(difference.at, difference)];
  }
}

function tensorWords({ tensor, index, count, of, ...both }: TensorDifference): string {
  const values = { recorded: shortest(both.recorded), here: shortest(both.here) };
  return `${bothWords(`${tensor}[${index.join(", ")}]`, values)} (${counted(count)} of its ${plural(of, "number")})`;
}

const bothWords = (
  what: string,
  { recorded, here }: { readonly recorded: unknown; readonly here: unknown },
) => `${what}: ${recorded} in the record, ${here} here`;

/** So many digits tell any two float32 apart. */
const shortest = (value: number): number => Number(value.toPrecision(9));
