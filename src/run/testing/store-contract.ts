import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import fc from "fast-check";
import { HeddleError } from "../../core/errors.js";
import { LockedError, type Store } from "../store.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const textOf = async (store: Store, file: string): Promise<string | undefined> => {
  const content = await store.read(file);
  return content && new TextDecoder().decode(content);
};

/** `name` of each file, `name/` of each store. */
async function namesIn(store: Store): Promise<string[] | undefined> {
  const entries = await store.list();
  return entries?.map(({ name, kind }) => (kind === "store" ? `${name}/` : name)).sort();
}

/**
 * What every kind of store must hold to, as tests.
 *
 * @param storeFor gives one that isn't there yet, nor what it is in
 */
export function storeContract(storeFor: (context: TestContext) => Promise<Store>): void {
  it("isn't there until it is made, and is made once", async (context) => {
    const store = await storeFor(context);
    assert.equal(await store.list(), undefined);
    assert.equal(await store.read("a.json"), undefined);
    assert.equal(await store.make(), true);
    assert.equal(await store.make(), false);
    assert.deepEqual(await store.list(), []);
  });

  it("is made by one of several at once", async (context) => {
    const store = await storeFor(context);
    const made = await Promise.all(Array.from({ length: 6 }, () => store.make()));
    assert.equal(made.filter((each) => each).length, 1);
  });

  it("takes no file before it is made", async (context) => {
    const store = await storeFor(context);
    await assert.rejects(store.write("a.json", bytes("1")), (error) => {
      assert.ok(error instanceof HeddleError);
      assert.ok(error.message.startsWith(`${store.place("a.json")} can't be written: `), error.message);
      return true;
    });
  });

  it("is taken away where nothing is in it", async (context) => {
    const store = await storeFor(context);
    assert.equal(await store.removeEmpty(), false);
    await store.make();
    await store.write("a.json", bytes("1"));
    assert.equal(await store.removeEmpty(), false);
    await store.remove("a.json");
    await store.within("inner").make();
    assert.equal(await store.removeEmpty(), false);
    assert.equal(await store.within("inner").removeEmpty(), true);
    const lock = await store.lock();
    assert.equal(await store.removeEmpty(), false);
    await lock.release();
    assert.equal(await store.removeEmpty(), true);
    assert.equal(await store.list(), undefined);
    assert.equal(await store.make(), true);
  });

  it("keeps what was written, whatever becomes of the bytes on either side", async (context) => {
    const store = await storeFor(context);
    await store.make();
    const given = bytes("first");
    await store.write("a.bin", given);
    given.fill(0);
    (await store.read("a.bin"))?.fill(0);
    assert.equal(await textOf(store, "a.bin"), "first");
    await store.write("a.bin", new Uint8Array(0));
    assert.equal(await textOf(store, "a.bin"), "");
  });

  it("keeps one of what is written at once, whole", async (context) => {
    const store = await storeFor(context);
    await store.make();
    const contents = Array.from({ length: 8 }, (_, index) => String(index).repeat(20_000));
    await Promise.all(contents.map((content) => store.write("a.txt", bytes(content))));
    assert.ok(contents.includes((await textOf(store, "a.txt")) ?? ""));
    assert.deepEqual(await namesIn(store), ["a.txt"]);
  });

  it("gives a file another's place, and says where there is none", async (context) => {
    const store = await storeFor(context);
    await store.make();
    await store.write("new", bytes("new"));
    await store.write("old", bytes("old"));
    assert.equal(await store.rename("new", "old"), true);
    assert.equal(await textOf(store, "old"), "new");
    assert.equal(await store.rename("new", "old"), false);
    assert.equal(await textOf(store, "old"), "new");
    await store.remove("old");
    await store.remove("old");
    assert.deepEqual(await namesIn(store), []);
  });

  it("holds other stores, which are there once they are made", async (context) => {
    const store = await storeFor(context);
    assert.equal(await store.within("inner").make(), true);
    assert.equal(await store.make(), false);
    assert.equal(store.within("inner").where, store.place("inner"));
    store.within("never");
    await store.within("inner").write("a", bytes("1"));
    await store.write("b", bytes("2"));
    assert.deepEqual(await namesIn(store), ["b", "inner/"]);
    assert.equal(await textOf(store.within("inner"), "a"), "1");
    assert.deepEqual(await namesIn(store.within("inner")), ["a"]);
    await assert.rejects(store.write("inner", bytes("3")), HeddleError);
  });

  it("lets one at a time work in it, and shows no lock among its files", async (context) => {
    const store = await storeFor(context);
    const lock = await store.lock();
    assert.equal(lock.takenOver, undefined);
    assert.deepEqual(await store.list(), []);
    await assert.rejects(store.lock(), (error) => {
      assert.ok(error instanceof LockedError);
      assert.match(error.message, / works in .* already/);
      assert.ok(error.message.includes(store.where));
      return true;
    });
    const inner = await store.within("inner").lock();
    await inner.release();
    await lock.release();
    const second = await store.lock();
    // What was given free is another's now.
    await lock.release();
    await assert.rejects(store.lock(), LockedError);
    await second.release();
  });

  it("gives its lock to one of several at once", async (context) => {
    const store = await storeFor(context);
    const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => store.lock()));
    const locks = attempts.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    assert.equal(locks.length, 1);
    for (const each of attempts)
      if (each.status === "rejected") assert.ok(each.reason instanceof LockedError);
    await locks[0].release();
  });

  it("does what a map would do", async (context) => {
    const store = await storeFor(context);
    await store.make();
    const name = fc.constantFrom("a.json", "b.bin", "c");
    const step = fc.oneof(
      fc.record({ act: fc.constant("write" as const), file: name, content: fc.string({ maxLength: 8 }) }),
      fc.record({ act: fc.constant("rename" as const), file: name, to: name }),
      fc.record({ act: fc.constant("remove" as const), file: name }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const expected = new Map<string, string>();
        for (const file of ["a.json", "b.bin", "c"]) await store.remove(file);
        for (const each of steps) {
          if (each.act === "write") {
            await store.write(each.file, bytes(each.content));
            expected.set(each.file, each.content);
          } else if (each.act === "remove") {
            await store.remove(each.file);
            expected.delete(each.file);
          } else {
            const content = expected.get(each.file);
            assert.equal(await store.rename(each.file, each.to), content !== undefined);
            expected.delete(each.file);
            if (content !== undefined) expected.set(each.to, content);
          }
        }
        assert.deepEqual(await namesIn(store), [...expected.keys()].sort());
        for (const [file, content] of expected) assert.equal(await textOf(store, file), content);
      }),
      { numRuns: 40 },
    );
  });
}
