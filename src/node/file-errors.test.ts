import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileErrorWords, readError, systemRefusal, writeError } from "./file-errors.js";

const failure = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: as the system says it`), { code, ...more });

describe("errors of the system", () => {
  const words: [string, RegExp][] = [
    ["ENOSPC", /^a can't be written: the disk is full\. Free some space/],
    ["EDQUOT", /^a can't be written: your share of the disk is used up\. Free some space/],
    ["EFBIG", /it is larger than this disk or a limit allows\. Free some space/],
    ["EIO", /the disk, or the connection to it, failed\. Check the disk/],
    ["EMFILE", /this process has too many files open\. .*ulimit -n/],
    ["ENFILE", /this machine has too many files open\. End other programs/],
    ["ENAMETOOLONG", /its name is too long for this disk\. Choose a shorter name/],
    ["ELOOP", /its symbolic links lead in a circle\. Choose another place/],
    ["EROFS", /the disk is read-only\. Choose a folder that you may write to/],
    ["EUNKNOWN", /EUNKNOWN: as the system says it\. Choose another place/],
  ];
  for (const [code, message] of words) {
    it(`say what ${code} means and what to do`, () => {
      assert.match(writeError("a", failure(code)).message, message);
    });
  }

  it("say which part of a path is a file where a folder is expected", () => {
    const refused = failure("ENOTDIR");
    const below = join(import.meta.filename, "runs", "first");
    const words = `${below} can't be written: ${import.meta.filename} is a file, expected a folder. Choose another place.`;
    assert.equal(writeError(below, refused).message, words);
    assert.match(writeError(import.meta.filename, refused).message, /: it is a file, expected a folder\. /);
    assert.match(readError(below, refused).message, /file-errors\.test\.js is a file, expected a folder\.$/);
  });

  it("take a thrown value that is no error as it is", () => {
    assert.equal(fileErrorWords("gone"), "gone");
  });

  it("are told apart from faults where nobody expected them", () => {
    assert.match(
      systemRefusal(failure("EMFILE", { path: "/a", syscall: "open" })) ?? "",
      /^The system refused \/a: this process has too many files open \(EMFILE\)\. .*ulimit -n/,
    );
    assert.match(
      systemRefusal(failure("EAGAIN", { syscall: "spawn" })) ?? "",
      /^The system refused spawn: .*too little left to give.*ulimit -u/,
    );
    assert.match(
      systemRefusal(failure("ERR_WORKER_INIT_FAILED")) ?? "",
      /^The system refused a thread: .*Take fewer threads/,
    );
    assert.match(
      systemRefusal(new RangeError("Array buffer allocation failed")) ?? "",
      /^The system has no memory left/,
    );
    assert.match(
      systemRefusal(new RangeError("WebAssembly.Memory(): could not allocate memory")) ?? "",
      /no memory left/,
    );
    for (const fault of [new Error("x"), new RangeError("Invalid array length"), "text"]) {
      assert.equal(systemRefusal(fault), undefined);
    }
  });
});
