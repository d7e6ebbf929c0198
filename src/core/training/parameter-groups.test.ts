import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import { chainOf } from "../graph/index.js";
import { conv2d, dense, flatten } from "../layers/index.js";
import type { NamedTensor } from "../named-tensor.js";
import type { ParameterGroup } from "../optimizers/index.js";
import { groupOf } from "../optimizers/parameter-groups.js";
import { createRandom } from "../random.js";
import type { CompileOptions } from "./compile.js";
import { Model } from "./model.js";
import { tinyData, tinyFit, tinyModels, tinyShape } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);
const head = [{ match: "dense_2.*" }, { match: "*", frozen: true }] satisfies ParameterGroup[];

const named = (tensors: readonly NamedTensor[], name: string): Float32Array =>
  tensors.find((tensor) => tensor.name === name)!.data;

describe("patterns of names", () => {
  it("match as their stars say", () => {
    const names = ["a.kernel", "ab.kernel", "a.bias", "b.a.kernel"];
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["a.kernel", ["a.kernel"]],
      ["a.*", ["a.kernel", "a.bias"]],
      ["*.kernel", ["a.kernel", "ab.kernel", "b.a.kernel"]],
      ["a*kernel", ["a.kernel", "ab.kernel"]],
      ["*a*n*", ["a.kernel", "ab.kernel", "b.a.kernel"]],
      ["*", names],
      ["**", names],
      ["a", []],
      ["*a.bias*", ["a.bias"]],
      ["a.kernel*kernel", []],
      ["A.*", []],
    ];
    for (const [match, wanted] of cases)
      assert.deepEqual(
        names.filter((name) => groupOf(name, [{ match }])),
        wanted,
        match,
      );
  });

  it("take no longer for those that begin again and again", () => {
    const random = createRandom(1);
    const match = Array.from({ length: 2000 }, () => "*a".repeat(1 + random.below(3))).join("b");
    assert.equal(groupOf("ab".repeat(3000).concat("c"), [{ match }]), undefined);
  });
});

describe("groups that make no sense", () => {
  const refused = (compile: CompileOptions, message: RegExp) => {
    assert.throws(() => tinyModel(compile), { name: "UsageError", message });
  };
  const all =
    /There are conv2d_1\.kernel, conv2d_1\.bias, batchNorm_1\.gamma, batchNorm_1\.beta, dense_1\.kernel, dense_1\.bias, dense_2\.kernel, dense_2\.bias\./;

  it("are refused with the tensors there are", () => {
    const frozen = { match: "*", frozen: true };
    refused(
      { parameterGroups: [{ match: "dense_3.*" }] },
      /parameterGroups\[0\] matches no trained tensor: "dense_3/,
    );
    refused({ parameterGroups: [{ match: "dense_3.*" }] }, all);
    refused({ parameterGroups: [{ match: "*.runningMean", frozen: true }] }, all);
    refused({ parameterGroups: [frozen] }, all);
    refused(
      { parameterGroups: [{ match: "*1.*", frozen: true }, frozen] },
      /parameterGroups freeze all that is trained, so that nothing would learn/,
    );
    refused(
      { parameterGroups: [frozen, { match: "dense_2.*" }] },
      /parameterGroups\[1\], "dense_2\.\*", has no tensor of its own: the first group .* and "\*" comes before\. Put the narrower one first/,
    );
  });

  it("are refused where they contradict themselves, or the optimizer", () => {
    for (const rest of [{ learningRateFactor: 2 }, { weightDecay: 0 }])
      refused(
        { parameterGroups: [{ match: "*_1.*", frozen: true, ...rest }] },
        /compile: parameterGroups\[0\] is frozen, so that it moves by no learning rate/,
      );
    refused(
      { optimizer: "adam", parameterGroups: [{ match: "*.bias", weightDecay: 0 }] },
      /has a weightDecay, but adam has none\. Take sgd, adamw or muon, or leave it out/,
    );
    refused(
      { parameterGroups: [{ match: "*", learningRateFactor: 0 }] },
      /learningRateFactor must be a number above 0/,
    );
    refused({ parameterGroups: [{ match: "*", learningRate: 1 } as never] }, /Give learningRateFactor/);
    refused({ parameterGroups: "*" as never }, /parameterGroups must be a list/);
  });

  it("and layers that are all frozen already, by fit", async () => {
    const layers = [flatten(), dense({ units: 3, trainable: false })];
    const model = new Model(chainOf(layers, tinyShape), { platform: nodePlatform });
    await assert.rejects(model.fit(tinyData, tinyFit), {
      name: "UsageError",
      message: /fit: no layer of the model has a tensor that is trained/,
    });
    const named = { parameterGroups: [{ match: "*" }] };
    assert.throws(
      () => model.compile(named),
      /The model has none: its layers have no tensors, or are not trainable/,
    );
  });
});

describe("a head on a frozen body", () => {
  it("learns alone: the body's bytes and running statistics stay, and it goes on exactly", async () => {
    const model = tinyModel({ optimizer: "adamw", threads: 2 });
    await model.fit(tinyData, tinyFit);
    const before = await model.getWeights();
    model.compile({ optimizer: "adamw", learningRate: 0.01, threads: 2, parameterGroups: head });
    const files: Uint8Array[] = [];
    for await (const event of model.fitEvents(tinyData, { ...tinyFit, epochs: 3 })) {
      if (event.event === "start") assert.equal(event.parameters, 8 * 3 + 3);
      if (event.event === "epoch") files.push(encodeCheckpoint(await model.checkpoint()));
    }
    const after = await model.getWeights();
    for (const { name, data } of before)
      assert.equal(
        Buffer.from(data.buffer).equals(Buffer.from(named(after, name).buffer)),
        !name.startsWith("dense_2."),
        name,
      );
    const checkpoint = decodeCheckpoint(files[0], "file");
    assert.deepEqual(
      checkpoint.optimizerState.map(({ name }) => name),
      ["firstMoment", "secondMoment"].flatMap((slot) => [`${slot}/dense_2.kernel`, `${slot}/dense_2.bias`]),
    );
    const again = tinyModel({ optimizer: "adamw", threads: 1, parameterGroups: head });
    await again.fit(tinyData, { ...tinyFit, epochs: 3, resume: checkpoint });
    assert.deepEqual(await again.toBytes(), await model.toBytes());
    await assert.rejects(
      async () =>
        tinyModel({ optimizer: "adamw" }).fit(tinyData, { ...tinyFit, epochs: 3, resume: checkpoint }),
      /its parameterGroups is \[.*"dense_2\.\*".*\], here it is absent/,
    );
    await model.dispose();
    await again.dispose();
  });

  it("has an optimizer that begins anew with other groups, and none that is the model's without any", async () => {
    const trained = async (...compiled: readonly CompileOptions[]) => {
      const model = tinyModel({});
      for (const options of compiled) {
        model.compile({ threads: 1, learningRate: 0.01, ...options });
        await model.fit(tinyData, tinyFit);
      }
      const bytes = await model.toBytes();
      await model.dispose();
      return bytes;
    };
    const plain = await trained({}, {});
    assert.deepEqual(await trained({}, { parameterGroups: [] }), plain);
    assert.notDeepEqual(await trained({}, { parameterGroups: [{ match: "dense_1.*" }] }), plain, "anew");
    const own = { parameterGroups: [{ match: "dense_1.*" }] };
    assert.deepEqual(await trained(own, own), plain, "as the others are");
  });
});

it("a frozen convolution below others may be any layer of a model", async () => {
  const layers = [conv2d({ filters: 4, kernelSize: 3 }), flatten(), dense({ units: 3, name: "head" })];
  const model = new Model(chainOf(layers, tinyShape), { platform: nodePlatform });
  model.compile({ threads: 1, parameterGroups: [{ match: "conv2d_1.kernel", frozen: true }] });
  const before = await model.getWeights();
  await model.fit(tinyData, tinyFit);
  const after = await model.getWeights();
  const changed = after.filter(
    ({ name, data }) => !named(before, name).every((value, at) => value === data[at]),
  );
  assert.deepEqual(
    changed.map(({ name }) => name).filter((name) => !name.startsWith("normalization")),
    ["conv2d_1.bias", "head.kernel", "head.bias"],
  );
  await model.dispose();
});
