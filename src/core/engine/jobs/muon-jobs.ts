import { evenSplit } from "../../kernels/tiling.js";
import type { MatrixShape } from "../../optimizers/muon-matrices.js";
import type { MuonConfig } from "../../optimizers/optimizer.js";
import type { Planner } from "../plan/node.js";
import type { UpdateRule } from "../plan/update-rules.js";
import { MuonMatrix } from "./muon-matrix.js";
import { elementwiseJob } from "./optimizer-jobs.js";

/**
 * Newton–Schulz steps between two Gram matrices. X ← XQ with Q = aI + bA + cA² leaves A = XᵀX a polynomial of
 * what it was, so steps are made on the small square side: A ← QAQ, P ← PQ, and X·P once at the end, half or a
 * third of the multiply-adds. But rounding gives A small negative eigenvalues, and each step makes them twelve
 * times as large: after five steps they do no harm, after eight nothing else would be left.
 */
const stepsAtOnce = 5;

/** Adds Muon's stages: every stage has its part of all matrices, so that threads meet as seldom as with one. */
export function addMuon(
  planner: Planner,
  { iterations }: MuonConfig,
  rules: readonly UpdateRule[],
  shapes: ReadonlyMap<string, MatrixShape>,
  state: readonly number[],
): void {
  const { schedule } = planner;
  const matrices = rules.flatMap((rule) =>
    rule.parameters.flatMap((parameter) => {
      const shape = shapes.get(parameter.name);
      return shape ? [new MuonMatrix(planner, rule, parameter, shape)] : [];
    }),
  );
  const others = rules.map((rule) => ({
    rule,
    ranges: rule.parameters.filter(({ name }) => !shapes.has(name)),
  }));
  schedule.stage([
    ...others
      .filter(({ ranges }) => ranges.length > 0)
      .map(({ rule, ranges }) => elementwiseJob(planner, rule, state, ranges)),
    ...matrices.map((matrix) => matrix.momentum(state[0])),
  ]);
  if (matrices.length === 0) return;

  const rounds = evenSplit(iterations, stepsAtOnce);
  /** Where P lies after a round. */
  const power = (round: number) => (matrix: MuonMatrix) => matrix.powers[(rounds[round] - 1) % 2];
  rounds.forEach((steps, round) => {
    if (round === 0) {
      schedule.stage(matrices.map((matrix) => matrix.gramProduct(matrix.half)));
      schedule.stage(matrices.map((matrix) => matrix.normalize(matrix.half, matrix.gram)));
    } else {
      schedule.stage(matrices.map((matrix) => matrix.replace(power(round - 1)(matrix))));
      schedule.stage(matrices.map((matrix) => matrix.transpose()));
      schedule.stage(matrices.map((matrix) => matrix.gramProduct(matrix.gram)));
    }
    for (let step = 0; step < steps; step++) addStep(planner, matrices, step, step === steps - 1);
  });
  schedule.stage(matrices.map((matrix) => matrix.update(power(rounds.length - 1)(matrix))));
}

/** Q = aI + bA + cA², then A ← QAQ and P ← PQ; P begins as the first Q, and nobody reads the last A. */
function addStep(planner: Planner, matrices: readonly MuonMatrix[], step: number, last: boolean): void {
  const { schedule } = planner;
  const factor = (matrix: MuonMatrix): number => (step === 0 ? matrix.powers[0] : matrix.step);
  schedule.stage(matrices.map((matrix) => matrix.polynomial(matrix.gram, factor(matrix))));
  schedule.stage(
    matrices.flatMap((matrix) => {
      const { gram, half, powers } = matrix;
      const next = step > 0 ? [matrix.product(powers[(step - 1) % 2], factor(matrix), powers[step % 2])] : [];
      return last ? next : [...next, matrix.product(gram, factor(matrix), half)];
    }),
  );
  if (!last)
    schedule.stage(matrices.map((matrix) => matrix.product(matrix.half, factor(matrix), matrix.gram)));
}
