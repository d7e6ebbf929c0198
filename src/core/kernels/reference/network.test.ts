import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { paperModels } from "../../../reproduction/paper/paper.js";
import { chainOf } from "../../graph/index.js";
import { bilstm, type Dropout, dense, initialize, type Layer } from "../../layers/index.js";
import { shapeSize } from "../../layers/shape.js";
import { modelDefinitions } from "../../models/index.js";
import { dropoutKey, dropoutScales } from "./dropout.js";
import { type ReferenceNetwork, referenceNetwork } from "./network.js";
import {
  deterministicImages,
  deterministicLabels,
  deterministicParameters,
} from "./testing/deterministic.js";

interface Digest {
  readonly norm: number;
  readonly sum: number;
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

interface Fixture {
  readonly count: number;
  readonly inputShape: readonly number[];
  readonly loss: number;
  readonly logits: readonly (readonly number[])[];
  readonly input: Digest;
  readonly parameters: Readonly<Record<string, Digest>>;
}

/** Both sides compute in double precision; only the order of sums differs. */
const tolerance = 1e-9;

function assertClose(actual: number, expected: number, scale: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * scale, `${what}: ${actual}, not ${expected}`);
}

function assertDigest(gradient: Float64Array | undefined, digest: Digest, what: string): void {
  assert.ok(gradient, what);
  const norm = Math.sqrt(gradient.reduce((total, value) => total + value * value, 0));
  assertClose(norm, digest.norm, digest.norm, `norm of ${what}`);
  const sum = gradient.reduce((total, value) => total + value, 0);
  // A sum of many signs may cancel: its rounding is in proportion to the norm.
  assertClose(sum, digest.sum, digest.norm * Math.sqrt(gradient.length), `sum of ${what}`);
  digest.indices.forEach((index, entry) => {
    assertClose(gradient[index], digest.values[entry], digest.norm, `${what}[${index}]`);
  });
}

function assertFixture(network: ReferenceNetwork, file: string): void {
  const path = `src/core/kernels/reference/fixtures/${file}`;
  const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;
  const { count, inputShape } = fixture;
  const size = shapeSize(inputShape);
  const images = Float64Array.from(deterministicImages(count, size), (byte) => (byte - 128) / 128);
  const parameters = deterministicParameters(network.tensors);
  const result = network.gradient(parameters, images, deterministicLabels(count), count);

  const meanLoss = result.losses.reduce((sum, loss) => sum + loss, 0) / count;
  assertClose(meanLoss, fixture.loss, fixture.loss, "loss");
  const logits = fixture.logits.flat();
  assert.equal(result.logits.length, logits.length);
  logits.forEach((logit, at) => {
    assertClose(result.logits[at], logit, 1, `logit ${at}`);
  });
  assert.deepEqual(new Set(result.gradients.keys()), new Set(Object.keys(fixture.parameters)));
  for (const [name, digest] of Object.entries(fixture.parameters)) {
    assertDigest(result.gradients.get(name), digest, name);
  }
  assertDigest(result.inputGradient, fixture.input, "input");
}

describe("the reference twin against PyTorch", () => {
  it("has the Proposed CNN's gradient", () => {
    const withoutDropout = modelDefinitions.proposed
      .layers([28, 28, 1], 10)
      .filter((layer) => layer.type !== "dropout");
    assertFixture(referenceNetwork(chainOf(withoutDropout, [28, 28, 1])), "proposed-gradient.json");
  });

  it("has the gradient of stacked bidirectional LSTMs", () => {
    const layers = [
      bilstm({ name: "first", units: 3, returnSequences: true }),
      bilstm({ name: "second", units: 2 }),
      dense({ name: "output", units: 10 }),
    ];
    assertFixture(referenceNetwork(chainOf(layers, [5, 4])), "recurrent-gradient.json");
  });
});

describe("the reference twin of each of the paper's models", () => {
  for (const name of paperModels) {
    it(`${name} turns a new image into nearly even probabilities`, () => {
      const network = referenceNetwork(modelDefinitions[name].graph([28, 28, 1], 10));
      const parameters = new Map(
        network.tensors.map((spec, index) => [spec.name, initialize(spec, 1, index)] as const),
      );
      const image = Float64Array.from(deterministicImages(1, 784), (byte) => (byte - 128) / 128);
      const { losses, probabilities } = network.gradient(parameters, image, [3], 1);
      const sum = probabilities.reduce((total, probability) => total + probability, 0);
      assert.ok(Math.abs(sum - 1) < 1e-12);
      assert.equal(losses[0], -Math.log(probabilities[3]));
      assert.ok(losses[0] > 1 && losses[0] < 4, `${losses[0]}`);
    });
  }
});

describe("the reference twin's dropout", () => {
  const layers = modelDefinitions.proposed.layers([28, 28, 1], 10);
  const drop = layers[2] as Dropout;
  const network = referenceNetwork(chainOf([drop], [13, 13, 32]));
  const ones = new Float64Array(13 * 13 * 32).fill(1);

  it("is off unless training", () => {
    assert.deepEqual(network.forward(new Map(), ones, 1), ones);
  });

  it("takes its key from seed, step and place in the list", () => {
    const twice = referenceNetwork(chainOf([drop, drop.withName("again")], [13, 13, 32]));
    const scales = twice.forward(new Map(), ones, 1, { training: true, seed: 4, step: 9 });
    const [first, second] = [0, 1].map((place) =>
      dropoutScales(0.25, dropoutKey(4, 9, place), [13, 13, 32], 1),
    );
    assert.deepEqual(
      scales,
      first.map((scale, at) => scale * second[at]),
    );
  });
});

describe("referenceNetwork", () => {
  const layers: readonly Layer[] = [dense({ name: "output", units: 2 })];

  it("says which tensor is missing or of another size", () => {
    const network = referenceNetwork(chainOf(layers, [3]));
    const run = (length: number) => {
      const parameters = new Map([["output.kernel", new Float64Array(length)]]);
      network.forward(parameters, new Float64Array(3), 1);
    };
    assert.throws(() => run(5), {
      name: "HeddleError",
      message: /output\.kernel must be \[3, 2\], but 5 values/,
    });
    assert.throws(() => run(6), {
      name: "HeddleError",
      message: /output\.bias must be \[2\], but there is none/,
    });
  });
});
