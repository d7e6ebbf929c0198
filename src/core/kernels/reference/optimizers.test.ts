import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OptimizerConfig } from "../../optimizers/optimizer.js";
import { optimizerState, optimizerStep } from "./optimizers.js";

/** The weight after each step from 1 along the given gradients at learning rate 0.1. */
function trajectory(config: OptimizerConfig, ...gradients: number[]): number[] {
  const weights = Float64Array.of(1);
  const state = optimizerState(1);
  return gradients.map((gradient, step) => {
    optimizerStep(config, weights, Float64Array.of(gradient), state, step, 0.1);
    return weights[0];
  });
}

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) < 1e-12, `${actual}, not ${expected}`);
  });
}

const sgd = { name: "sgd", momentum: 0, nesterov: false, weightDecay: 0 } as const;
const adam = { name: "adam", beta1: 0.9, beta2: 0.99, epsilon: 0 } as const;
const rmsprop = { name: "rmsprop", rho: 0.75, epsilon: 0, momentum: 0 } as const;

describe("sgd", () => {
  it("steps down the gradient", () => assertClose(trajectory(sgd, 2, -3), [0.8, 1.1]));

  it("keeps its momentum", () => {
    assertClose(trajectory({ ...sgd, momentum: 0.5 }, 2, 2, 0), [0.8, 0.5, 0.35]);
  });

  it("looks ahead as Nesterov does", () => {
    assertClose(trajectory({ ...sgd, momentum: 0.5, nesterov: true }, 2, 2), [0.7, 0.35]);
  });

  it("adds the decay to the gradient", () => {
    assertClose(trajectory({ ...sgd, momentum: 0.5, weightDecay: 0.5 }, 0, 0), [0.95, 0.8775]);
  });
});

describe("adam", () => {
  it("first steps by the learning rate, whatever the gradient's size", () => {
    assertClose(trajectory(adam, 1e-3), [0.9]);
    assertClose(trajectory(adam, -50), [1.1]);
  });

  it("corrects both moments' bias", () => {
    // m = 0.9·0.2 + 0.1·4 = 0.58 of 0.19; v = 0.99·0.04 + 0.01·16 = 0.1996 of 0.0199.
    const second = (0.1 * (0.58 / 0.19)) / Math.sqrt(0.1996 / 0.0199);
    assertClose(trajectory(adam, 2, 4), [0.9, 0.9 - second]);
  });

  it("adds epsilon to the corrected root", () => {
    assertClose(trajectory({ ...adam, epsilon: 3 }, 2), [1 - (0.1 * 2) / (2 + 3)]);
  });
});

describe("adamw", () => {
  it("decays apart from the moments", () => {
    const config = { ...adam, name: "adamw", epsilon: 1, weightDecay: 0.5 } as const;
    assertClose(trajectory(config, 0, 0), [0.95, 0.9025]);
    assertClose(trajectory(config, 3), [0.95 - (0.1 * 3) / (3 + 1)]);
  });
});

describe("rmsprop", () => {
  it("divides by the root of the mean square, uncorrected", () => {
    // s = 0.25·4 = 1, then 0.75·1 + 0.25·5 = 2.
    assertClose(trajectory(rmsprop, 2, Math.sqrt(5)), [0.8, 0.8 - 0.1 * Math.sqrt(2.5)]);
  });

  it("adds epsilon under the root and keeps its momentum", () => {
    const config = { ...rmsprop, epsilon: 3, momentum: 0.5 };
    assertClose(trajectory(config, 2, 0), [0.9, 0.85]);
  });
});

describe("every optimizer", () => {
  it("moves each weight of a tensor by its own gradient and state", () => {
    const configs: OptimizerConfig[] = [
      { ...sgd, momentum: 0.9, nesterov: true, weightDecay: 0.1 },
      adam,
      { ...adam, name: "adamw", weightDecay: 0.1 },
      { ...rmsprop, momentum: 0.9 },
    ];
    for (const config of configs) {
      const weights = Float64Array.of(1, 1);
      const state = optimizerState(2);
      for (const step of [0, 1]) {
        optimizerStep(config, weights, Float64Array.of(2 - step, -1), state, step, 0.1);
      }
      const alone = [trajectory(config, 2, 1)[1], trajectory(config, -1, -1)[1]];
      assert.deepEqual([...weights], alone);
    }
  });
});
