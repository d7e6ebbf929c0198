import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isLoopback, siteGuard, tokenGuard } from "./guard.js";

describe("a token", () => {
  const token = "correct-horse-battery";
  const check = tokenGuard(token);
  it("is asked of everybody, as a bearer's", () => {
    for (const right of [`Bearer ${token}`, `bearer  ${token} `]) check(right);
    const wrong = [
      undefined,
      "",
      token,
      "Bearer",
      "Bearer ",
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer x ${token}`,
    ];
    for (const each of wrong) assert.throws(() => check(each), { status: 401 }, String(each));
  });
  it("isn't guessed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (guess) => {
        fc.pre(guess.trim() !== token);
        assert.throws(() => check(`Bearer ${guess}`), /lacks the server's token/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("an address", () => {
  it("is this machine's alone, or others reach it", () => {
    for (const own of ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]"])
      assert.ok(isLoopback(own), own);
    for (const other of ["0.0.0.0", "::", "10.0.0.1", "127.example.org", "localhost.example.org", ""])
      assert.ok(!isLoopback(other), other);
  });
});

describe("what a page asks", () => {
  const refused = (guard: ReturnType<typeof siteGuard>, host?: string, origin?: string): boolean => {
    try {
      guard({ ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) });
      return false;
    } catch {
      return true;
    }
  };
  it("is refused under a name that somebody pointed here", () => {
    const guard = siteGuard("127.0.0.1", [], true);
    for (const host of [undefined, "localhost:80", "127.0.0.1:8080", "[::1]:8080", "LocalHost"])
      assert.ok(!refused(guard, host), host);
    for (const host of ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""])
      assert.ok(refused(guard, host), host);
    assert.ok(!refused(siteGuard("0.0.0.0", [], false), "models.example"));
  });
  it("is refused of other origins than its own and those that may", () => {
    const guard = siteGuard("127.0.0.1", ["https://good.example"], true);
    for (const origin of [undefined, "http://localhost:8080", "https://good.example"])
      assert.ok(!refused(guard, "localhost:8080", origin), origin);
    for (const origin of ["https://evil.example", "null", "http://localhost:81", "https://good.example.evil"])
      assert.ok(refused(guard, "localhost:8080", origin), origin);
    assert.ok(!refused(siteGuard("127.0.0.1", ["*"], true), "localhost", "https://any.example"));
  });
});
