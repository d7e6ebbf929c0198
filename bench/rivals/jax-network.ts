// The Proposed CNN in jax-js, its whole step in one `jit`, for Node and for pages. Its arrays count references: every
// use takes one, `.ref` adds one.
import type { Array as JaxArray } from "@jax-js/jax";
import type { Question } from "./question.js";
import type { Work } from "./serve.js";

/** [output channels, input channels, 3, 3], or [inputs, outputs]; each followed by its bias. */
const kernels = [
  [32, 1, 3, 3],
  [64, 32, 3, 3],
  [128, 64, 3, 3],
  [256, 128, 3, 3],
  [256, 256],
  [256, 128],
  [128, 10],
];
const shapes = kernels.flatMap((shape) => [shape, [shape.length === 4 ? shape[0] : shape[1]]]);
/** Sizes of what dropout works on behind a batch, and its rates. */
const dropouts = [
  { shape: [32, 13, 13], rate: 0.25 },
  { shape: [64, 5, 5], rate: 0.25 },
  { shape: [256], rate: 0.5 },
  { shape: [128], rate: 0.5 },
];

/** A kernel and a bias a layer. */
type Parameters = readonly JaxArray[];

/** jax-js on its WebAssembly backend, and what makes its work ready. */
export async function prepareJax(): Promise<(question: Pick<Question, "kind" | "batch">) => Promise<Work>> {
  const jax = await import("@jax-js/jax");
  const { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy: np, random, tree, valueAndGrad } = jax;
  await init("wasm");
  defaultDevice("wasm");

  const pool = (x: JaxArray, size: number) => {
    const [batch, channels] = x.shape;
    const used = x.slice([], [], [0, size * 2], [0, size * 2]);
    return np.max(used.reshape([batch, channels, size, 2, size, 2]), [3, 5]);
  };
  const forward = (p: Parameters, x: JaxArray, masks?: readonly JaxArray[]) => {
    const conv = (value: JaxArray, layer: number) =>
      nn.relu(lax.conv(value, p[layer * 2], [1, 1], "VALID").add(p[layer * 2 + 1].reshape([1, -1, 1, 1])));
    const dense = (value: JaxArray, layer: number) => np.dot(value, p[layer * 2]).add(p[layer * 2 + 1]);
    const drop = (value: JaxArray, index: number) => (masks ? value.mul(masks[index]) : value);
    const [batch] = x.shape;
    let value = drop(pool(conv(x, 0), 13), 0);
    value = drop(pool(conv(value, 1), 5), 1);
    value = drop(conv(conv(value, 2), 3).reshape([batch, 256]), 2);
    value = drop(nn.relu(dense(nn.relu(dense(value, 4)), 5)), 3);
    return dense(value, 6);
  };
  const loss = (p: Parameters, x: JaxArray, y: JaxArray, masks: readonly JaxArray[]) =>
    nn
      .logSoftmax(forward(p, x, masks))
      .mul(y)
      .sum()
      .mul(-1 / x.shape[0]);

  const adamStep = jit(
    (p: Parameters, first: Parameters, second: Parameters, x: JaxArray, y: JaxArray, key: JaxArray) => {
      const keys = random.split(key, dropouts.length);
      const masks = dropouts.map(({ shape, rate }, index) => {
        const kept = random.bernoulli(keys.ref.slice(index), 1 - rate, [x.shape[0], ...shape]);
        return kept.astype(np.float32).mul(1 / (1 - rate));
      });
      keys.dispose();
      const [, gradients] = valueAndGrad(loss)(
        p.map((each) => each.ref),
        x,
        y,
        masks,
      );
      const firsts = first.map((m, i) => m.mul(0.9).add(gradients[i].ref.mul(0.1)));
      const seconds = second.map((v, i) => v.mul(0.999).add(np.square(gradients[i]).mul(0.001)));
      const moved = p.map((each, i) =>
        each.sub(firsts[i].ref.mul(1e-4).div(np.sqrt(seconds[i].ref).add(1e-7))),
      );
      return [moved, firsts, seconds] as const;
    },
  );
  const predict = jit((p: Parameters, x: JaxArray) => nn.softmax(forward(p, x)));

  return async ({ kind, batch }) => {
    const keys = random.split(random.key(1), shapes.length + 1);
    let p: Parameters = shapes.map((shape, index) => random.normal(keys.ref.slice(index), shape).mul(0.05));
    const x = random.normal(keys.slice(shapes.length), [batch, 1, 28, 28]);
    if (kind === "infer")
      return {
        compiles: true,
        work: async () => {
          const outputs = predict(tree.ref(p), x.ref);
          await outputs.data();
        },
      };
    const y = nn.oneHot(np.array(Int32Array.from({ length: batch }, (_, image) => image % 10)), 10);
    let first: Parameters = shapes.map((shape) => np.zeros(shape));
    let second: Parameters = shapes.map((shape) => np.zeros(shape));
    let step = 0;
    return {
      compiles: true,
      work: async () => {
        [p, first, second] = adamStep(p, first, second, x.ref, y.ref, random.key(step++));
        await blockUntilReady([p, first, second]);
      },
    };
  };
}
