import { arithmeticVersion } from "../../core/arithmetic.js";
import type { Dataset } from "../../core/data/dataset.js";
import { createNetwork, fusesMultiplyAdd } from "../../core/engine/create.js";
import type { FitEventsOptions } from "../../core/training/fit.js";
import type { Model } from "../../core/training/model.js";
import { createRunModel, runFitOptions } from "../follow-run.js";
import type { RunHost } from "../host.js";
import { RunError } from "../run-error.js";
import { planOf, type RunPlan } from "../run-settings.js";
import type { Claim } from "./claim.js";
import type { VerifyOptions } from "./verify-options.js";

/**
 * The plan in the arithmetic that was used. What was trained where nothing fuses is repeated anywhere: that is what
 * portable runs do.
 *
 * @throws RunError where that is not to be had
 */
export function repeatable(
  claim: Claim,
  host: RunHost,
): { readonly plan: RunPlan; readonly fusedMultiplyAdd: boolean } {
  const { where: run, config } = claim;
  if (config.arithmeticVersion !== arithmeticVersion) throw otherArithmetic(claim);
  const plan = planOf(config);
  const fuses = fusesMultiplyAdd(host.createNetwork ?? createNetwork);
  const fused = !config.portable && (claim.fusedMultiplyAdd ?? fuses);
  if (fused && !fuses) {
    throw new RunError(
      `${run} was trained with fused multiply-adds, and WebAssembly has none here: the first step would give other bytes, and say nothing of the run. ` +
        "Repeat it where relaxed SIMD fuses them, as on processors with FMA in Node.js 20 or newer; portable runs are repeated anywhere.",
      { code: "notRepeatable", run },
    );
  }
  return { plan: { ...plan, training: { ...plan.training, portable: !fused } }, fusedMultiplyAdd: fused };
}

function otherArithmetic({ where: run, config }: Claim): RunError {
  return new RunError(
    `${run} was trained with version ${config.arithmeticVersion} of the arithmetic, and this heddle computes with version ${arithmeticVersion}: other bytes would say nothing. ` +
      "Repeat it with the heddle that trained it, which its environment names.",
    { code: "notRepeatable", run },
  );
}

/** A run's model as it began, and what its fit was told. */
export function modelAgain(
  { first, teaching, config }: Claim,
  plan: RunPlan,
  dataset: Dataset,
  { threads, signal }: Pick<VerifyOptions, "threads" | "signal">,
  host: RunHost,
): { readonly model: Model; readonly fit: FitEventsOptions } {
  return {
    model: createRunModel(plan, dataset, { threads, host, state: first }),
    fit: runFitOptions(plan.training, { signal, onBody: config.body !== undefined, teaching }),
  };
}
