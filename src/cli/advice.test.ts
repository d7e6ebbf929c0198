import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../core/errors.js";
import { ValidationError } from "../core/training/validation-error.js";
import { SeveralKindsError } from "../node/data/kind-names.js";
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
    const ofLibrary = (message: string) => adviceAfter(new UsageError(message));
    assert.match(ofLibrary("fit: classWeights has a length of 2; give more.") ?? "", /--class-weights/);
    assert.match(ofLibrary('compile: parameterGroups[0] matches no trained tensor: "x".') ?? "", /--freeze/);
    assert.match(adviceAfter(new StudyError("otherData", "It failed.")) ?? "", /--data.*--out/);
  });

  it("is none where nobody has more to say", () => {
    assert.equal(adviceAfter(new HeddleError("It failed.")), undefined);
    assert.equal(adviceAfter("It failed."), undefined);
  });
});
