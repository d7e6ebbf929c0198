import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError } from "../core/errors.js";
import type { ParameterGroup } from "../core/optimizers/parameter-groups.js";
import { ValidationError } from "../core/training/validation-error.js";
import { SeveralKindsError } from "../node/data/kind-names.js";
import { dense, flatten, sequential } from "../node/index.js";
import { SkippedPicturesError } from "../node/pictures/picture-error.js";
import { RunError } from "../run/run-error.js";
import { StudyError } from "../study/study.js";
import { adviceAfter } from "./advice.js";

describe("advice after a failure", () => {
  it("names the command that goes on, with the run's folder", () => {
    const after = (code: RunError["code"]) =>
      adviceAfter(new RunError("It failed.", { code, run: "runs/a" }));
    assert.match(after("brokenOff") ?? "", /`heddle train --resume runs\/a`/);
    assert.match(after("judgementDamaged") ?? "", /`heddle evaluate runs\/a`/);
    assert.match(after("noRun") ?? "", /`heddle runs`/);
  });

  it("names the option that chooses otherwise", () => {
    assert.match(adviceAfter(new SeveralKindsError("It could be both.")) ?? "", /--data-kind/);
    assert.match(adviceAfter(new SkippedPicturesError("Too many are broken.")) ?? "", /--skip-unreadable/);
    assert.match(
      adviceAfter(new ValidationError("None validate.")) ?? "",
      /validationShare.*--recipe mine\.yaml/,
    );
    assert.match(adviceAfter(new StudyError("otherData", "It failed.")) ?? "", /--data.*--out/);
  });

  it("names the flag of what the library's own errors speak of", async () => {
    const inputShape = [2, 2, 1];
    const told = async (parameterGroups: readonly ParameterGroup[], classWeights?: readonly number[]) => {
      const model = sequential([flatten(), dense({ units: 2 })], { inputShape });
      const train = { images: new Uint8Array(8), labels: Uint8Array.of(0, 1) };
      try {
        await model.compile({ parameterGroups }).fit({ train }, { classWeights, validationShare: 0 });
      } catch (error) {
        return adviceAfter(error) ?? "nothing";
      } finally {
        await model.dispose();
      }
      return "no error";
    };
    assert.match(await told([{ match: "nowhere", frozen: true }]), /--freeze/);
    assert.match(await told([{ match: "*", frozen: true }]), /--freeze/);
    const freeze = (match: string): ParameterGroup => ({ match, frozen: true });
    assert.match(await told([freeze("*.kernel"), freeze("dense.kernel")]), /--freeze/);
    assert.match(await told([{ match: "nowhere", weightDecay: 1 }]), /recipe/);
    assert.match(await told([], [1, 2, 3]), /--class-weights/);
    assert.equal(await told([{ match: "*.bias", weightDecay: 1 }]), "nothing");
  });

  it("is none where nobody has more to say", () => {
    assert.equal(adviceAfter(new HeddleError("It failed.")), undefined);
    assert.equal(adviceAfter("It failed."), undefined);
  });
});
