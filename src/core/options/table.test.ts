import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../errors.js";
import {
  choice,
  describeOptions,
  flag,
  type OptionTable,
  optionsOf,
  resolveOptions,
  share,
  sizePair,
  wholeNumber,
} from "./index.js";

interface LoomOptions {
  readonly threads: number;
  readonly weave?: "plain" | "twill";
  readonly size?: number | readonly [number, number];
  readonly learningRate?: number;
  readonly finish?: FinishOptions;
}

interface FinishOptions {
  readonly washed?: boolean;
  readonly shrinkage?: number;
}

const finish = {
  washed: { meaning: "whether it is washed", kind: flag(), default: false },
  shrinkage: { meaning: "share lost in washing", kind: share(), default: 0.05 },
} satisfies OptionTable<FinishOptions>;

const table = {
  threads: { meaning: "threads of the warp", kind: wholeNumber({ from: 1 }) },
  weave: { meaning: "how weft and warp cross", kind: choice(["plain", "twill"]), default: "plain" },
  size: { meaning: "size of the cloth", kind: sizePair(), default: 2 },
  learningRate: { meaning: "how fast it learns", kind: share(), otherwise: "as the weaver likes" },
  finish: { meaning: "what comes after", kind: optionsOf(finish), default: {} },
} satisfies OptionTable<LoomOptions>;

const loom = (options: unknown) => resolveOptions("loom", options, table, { besides: ["type"] });

describe("options against their table", () => {
  it("are made canonical, defaults filled in", () => {
    const resolved = loom({ threads: 7, type: "loom", weave: undefined });
    // Their types follow from the table alone.
    const size: readonly [number, number] = resolved.size;
    const weave: "plain" | "twill" = resolved.weave;
    const rate: number | undefined = resolved.learningRate;
    const washed: boolean = resolved.finish.washed;
    assert.deepEqual([size, weave, rate, washed], [[2, 2], "plain", undefined, false]);
    assert.deepEqual(resolved, {
      threads: 7,
      weave: "plain",
      size: [2, 2],
      finish: { washed: false, shrinkage: 0.05 },
    });
  });

  it("are not shared with who gave them", () => {
    const size: [number, number] = [3, 4];
    const resolved = loom({ threads: 1, size });
    size[0] = 9;
    assert.deepEqual(resolved.size, [3, 4]);
  });

  it("may be an object of any class, whose getters and methods count", () => {
    class Settings {
      learningRate = 0.5;
      get threads() {
        return 2;
      }
      weave() {}
      describe() {}
    }
    assert.throws(() => loom(new Settings()), /weave must be one of .*, but is a function/);
    class Plain extends Settings {
      override weave = () => {};
      get weav() {
        return "plain";
      }
    }
    assert.throws(() => loom(new Plain()), /has no option "weav"\. Did you mean weave\?/);
    const { threads, learningRate } = loom(Object.assign(new Settings(), { weave: "plain" }));
    assert.deepEqual([threads, learningRate], [2, 0.5]);
  });

  it("are read where they stand, and once", () => {
    assert.equal(loom(Object.assign(Object.create(null), { threads: 2 })).threads, 2);
    assert.equal(loom(Object.create({ threads: 2 })).threads, 2);
    assert.throws(() => loom(Object.create({ thread: 2 })), /has no option "thread"/);
    assert.equal(
      loom({
        get threads() {
          return 3;
        },
      }).threads,
      3,
    );
    assert.equal(loom(Object.defineProperty({ threads: 1 }, "hidden", { value: 1 })).threads, 1);
  });

  it("don't compile where a table is not its interface's", () => {
    // @ts-expect-error shrinkage is missing
    ({ washed: finish.washed }) satisfies OptionTable<FinishOptions>;
    // @ts-expect-error no such option
    ({ ...finish, pressed: finish.washed }) satisfies OptionTable<FinishOptions>;
    // @ts-expect-error a flag takes no number
    ({ ...finish, shrinkage: finish.washed }) satisfies OptionTable<FinishOptions>;
    // @ts-expect-error a choice of one refuses what the interface allows
    ({ weave: { ...table.weave, kind: choice(["plain"]) } }) satisfies OptionTable<
      Pick<LoomOptions, "weave">
    >;
  });

  const wrong: readonly [unknown, RegExp][] = [
    [undefined, /^loom takes an object of options \(threads, weave, .*\), but got nothing\.$/],
    ["plain", /^loom takes an object of options .*, but got "plain"\.$/],
    [[], /but got \[\]\.$/],
    [new Map(), /but got a Map\.$/],
    [Promise.resolve({ threads: 1 }), /but got a promise \(await it first\)\.$/],
    [new Uint8Array(3), /but got a Uint8Array of 3\.$/],
    [() => ({ threads: 1 }), /but got a function\.$/],
    [{}, /^loom: threads must be a whole number of 1 or more, but is nothing\.$/],
    [{ threads: null }, /threads must be .*, but is null\.$/],
    [{ threads: 1n }, /threads must be .*, but is 1n\.$/],
    [
      { threads: 1, weave: "twil" },
      /weave must be one of "plain", "twill", but is "twil"\. Did you mean "twill"\?$/,
    ],
    [{ thread: 1 }, /^loom has no option "thread"\. Did you mean threads\? Its options: threads, weave, /],
    [{ threads: 1, lr: 1 }, /has no option "lr"\. Did you mean learningRate\?/],
    [{ threads: 1, learning_rate: 1 }, /has no option "learning_rate"\. Did you mean learningRate\?/],
    [{ threads: 1, colour: 1 }, /has no option "colour"\. Its options/],
    [{ threads: 1, "\u001b[2J": 1 }, /has no option "\\u001b\[2J"\./],
    [{ threads: 1, __proto__: null, constructor: 1 }, /has no option "constructor"/],
    [{ threads: 1, finish: { washd: true } }, /^loom: finish has no option "washd"\. Did you mean washed\?/],
    [{ threads: 1, finish: { shrinkage: 1 } }, /^loom: finish\.shrinkage must be a number from 0 up to/],
    [
      { threads: 1, finish: true },
      /^loom: finish takes an object of options \(washed, shrinkage\), but got true/,
    ],
    [
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new TypeError("no");
          },
        },
      ),
      /^loom: The options can't be read/,
    ],
    [
      {
        get threads() {
          throw new TypeError("no");
        },
      },
      /^loom: The option "threads" can't be read: its getter fails\. Give the value itself\.$/,
    ],
    [
      {
        threads: 1,
        finish: {
          get washed() {
            throw new TypeError("no");
          },
        },
      },
      /^loom: finish: The option "washed" can't be read/,
    ],
  ];
  for (const [options, message] of wrong) {
    it(`refused: ${message.source}`, () => {
      assert.throws(
        () => loom(options),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it("have what a getter threw as the cause of the error", () => {
    const cause = new TypeError("no");
    const fails = {
      get washed() {
        throw cause;
      },
    };
    for (const options of [
      Object.defineProperty({}, "threads", { enumerable: true, get: () => fails.washed }),
      { threads: 1, finish: fails },
    ]) {
      assert.throws(() => loom(options), { name: "UsageError", cause });
    }
  });

  it("say where a name belongs that is another's", () => {
    const elsewhere = { momentum: "Give it to sgd." };
    const resolve = () => resolveOptions("loom", { Momentum: 1 }, finish, { elsewhere });
    assert.throws(resolve, /no option "Momentum"\. Give it to sgd\. Its options: washed, shrinkage\./);
  });

  it("are described by it", () => {
    assert.deepEqual(describeOptions(table).slice(0, 4), [
      {
        name: "threads",
        meaning: "threads of the warp",
        expected: "a whole number of 1 or more",
        required: true,
        default: undefined,
      },
      {
        name: "weave",
        meaning: "how weft and warp cross",
        expected: 'one of "plain", "twill"',
        required: false,
        default: '"plain"',
      },
      {
        name: "size",
        meaning: "size of the cloth",
        expected: "a whole number of 1 or more, or two of them as [height, width]",
        required: false,
        default: "2",
      },
      {
        name: "learningRate",
        meaning: "how fast it learns",
        expected: "a number from 0 up to, not including, 1",
        required: false,
        default: "as the weaver likes",
      },
    ]);
  });
});
