import { pow } from "../math/index.js";
import type { OptimizerConfig } from "../optimizers/optimizer.js";
import { f32, f32x4, i32, type Local, type V128, v128 } from "../wasm/index.js";
import { withoutSubnormals } from "./arithmetic.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/** Where an optimizer's kernel finds what changes from step to step: four floats. */
export interface StepNumbers {
  /** Address of [α, α / (1 − β1^t), 1 / √(1 − β2^t), Muon's α]; the middle two matter to Adam alone. */
  readonly address: number;
}

/** Flat vectors as long as the parameters that an optimizer keeps. Muon's v is the first moment of its matrices. */
export function stateNames(config: OptimizerConfig): readonly string[] {
  switch (config.name) {
    case "sgd":
      return config.momentum > 0 ? ["velocity"] : [];
    case "adam":
    case "adamw":
    case "muon":
      return ["firstMoment", "secondMoment"];
    case "rmsprop":
      return config.momentum > 0 ? ["meanSquare", "velocity"] : ["meanSquare"];
  }
}

/** α, Adam's two corrections for a step that counts from 0, and the α of Muon's matrices. */
export function stepNumbers(
  config: OptimizerConfig,
  step: number,
  learningRate: number,
): [number, number, number, number] {
  if (!("beta1" in config)) return [learningRate, 0, 0, 0];
  const rate = config.name === "muon" ? config.adamShare * learningRate : learningRate;
  return [
    rate,
    rate / (1 - pow(config.beta1, step + 1)),
    1 / Math.sqrt(1 - pow(config.beta2, step + 1)),
    learningRate,
  ];
}

/**
 * One step over flat vectors; the equations stand beside the plain twin in kernels/reference/optimizers.ts. Of
 * Muon it is AdamW, for what Muon does not take.
 */
export function emitOptimizer(emitter: Emitter, config: OptimizerConfig, numbers: StepNumbers) {
  return emitter.module.function(
    ["weights", "gradients", "first", "second", "bytes"],
    (f, { weights, gradients, first, second, bytes }) => {
      const keep = (value: V128): Local<"v128"> => f.let(value);
      const [rate, corrected, squareCorrection] = [0, 4, 8].map((offset) =>
        keep(f32x4.splat(f32.load(numbers.address, offset))),
      );
      const { madd } = emitter.arithmetic;
      const constant = f32x4.const;
      const remembered = (sum: V128) => keep(withoutSubnormals(keep(sum)));

      /** α̂ · m / (√v · correction + ε), the moments updated in memory. */
      const adamChange = (
        {
          beta1,
          beta2,
          epsilon,
        }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
        g: Local<"v128">,
        at: number,
      ): V128 => {
        const m = remembered(madd(v128.load(first, at), constant(beta1), f32x4.mul(g, constant(1 - beta1))));
        const v = remembered(
          madd(v128.load(second, at), constant(beta2), f32x4.mul(f32x4.mul(g, g), constant(1 - beta2))),
        );
        f.do(v128.store(first, m, at));
        f.do(v128.store(second, v, at));
        const root = madd(f32x4.sqrt(v), squareCorrection, constant(epsilon));
        return f32x4.div(f32x4.mul(m, corrected), root);
      };

      const end = i32.add(weights, bytes);
      forVectors(emitter, f, [weights, gradients, first, second], end, (at) => {
        const w = keep(v128.load(weights, at));
        const g = keep(v128.load(gradients, at));
        let updated: V128;
        switch (config.name) {
          case "sgd": {
            const decayed = config.weightDecay > 0 ? keep(madd(w, constant(config.weightDecay), g)) : g;
            const change = keep(f32x4.neg(f32x4.mul(rate, decayed)));
            if (config.momentum > 0) {
              const velocity = remembered(madd(v128.load(first, at), constant(config.momentum), change));
              f.do(v128.store(first, velocity, at));
              updated = f32x4.add(
                w,
                config.nesterov ? madd(velocity, constant(config.momentum), change) : velocity,
              );
            } else updated = f32x4.add(w, change);
            break;
          }
          case "adam":
            updated = f32x4.sub(w, adamChange(config, g, at));
            break;
          case "adamw":
          case "muon": {
            const decay = f32x4.mul(f32x4.mul(rate, constant(config.weightDecay)), w);
            updated = f32x4.sub(f32x4.sub(w, decay), adamChange(config, g, at));
            break;
          }
          case "rmsprop": {
            const { rho, epsilon, momentum } = config;
            const square = remembered(
              madd(v128.load(first, at), constant(rho), f32x4.mul(f32x4.mul(g, g), constant(1 - rho))),
            );
            f.do(v128.store(first, square, at));
            const change = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(square, constant(epsilon))));
            if (momentum > 0) {
              const velocity = remembered(madd(v128.load(second, at), constant(momentum), change));
              f.do(v128.store(second, velocity, at));
              updated = f32x4.sub(w, velocity);
            } else updated = f32x4.sub(w, change);
            break;
          }
        }
        const moved = keep(updated);
        f.do(v128.store(weights, moved, at));
      });
    },
  );
}
