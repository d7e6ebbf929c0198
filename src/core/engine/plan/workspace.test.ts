import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Node } from "./node.js";
import { type Keep, type Layout, Workspace } from "./workspace.js";

/** What a node does in a phase: rooms asked for and touched, and stages of its own or work in the open chain. */
interface Phase {
  readonly own: readonly { readonly bytes: number; readonly keep?: Keep }[];
  readonly shared: readonly number[];
  readonly scratch: readonly number[];
  /** Which of the shared rooms of earlier phases it touches. */
  readonly touches: readonly number[];
  readonly stages: number;
  readonly chains: boolean;
}

const samples = 4;
const start = 1000;

/** Runs phases as a program's plan would; says where each room lies and when it is used. */
function run(phases: readonly Phase[], layout?: Layout) {
  let count = 0;
  let open = false;
  const chains = new Set<number>();
  const close = (): void => {
    if (open) chains.add(count++);
    open = false;
  };
  const workspace = new Workspace(start, () => ({ count, open }), false, layout);
  const shared: number[] = [];
  for (const [index, phase] of phases.entries()) {
    workspace.phase({ name: `${index}` } as Node, () => {
      for (const { bytes, keep } of phase.own) workspace.allocate(bytes, keep);
      for (const touched of phase.touches)
        if (shared.length > 0) workspace.touch(shared[touched % shared.length]);
      for (let stage = 0; stage < phase.stages; stage++) {
        close();
        count++;
      }
      for (const bytes of phase.shared)
        shared.push(workspace.allocateShared(bytes * 64, bytes * 64 * samples).room);
      if (phase.chains) {
        open = true;
        for (const bytes of phase.scratch) workspace.scratch(bytes);
      }
    });
  }
  close();
  return { workspace, chains };
}

const keep = fc.constantFrom<Keep | undefined>(
  undefined,
  "from the start",
  "to the end",
  "always",
  "prepared",
);
const phase: fc.Arbitrary<Phase> = fc.record({
  own: fc.array(fc.record({ bytes: fc.nat(500), keep }), { maxLength: 2 }),
  shared: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
  scratch: fc.array(fc.nat(300), { maxLength: 2 }),
  touches: fc.array(fc.nat(20), { maxLength: 3 }),
  stages: fc.nat(2),
  chains: fc.boolean(),
});
const programs = fc.array(phase, { minLength: 1, maxLength: 12 });

describe("a program's workspace", () => {
  it("never lays rooms over each other that are needed at once", () => {
    fc.assert(
      fc.property(programs, (phases) => {
        const { workspace, chains } = run(phases);
        const { rooms, places, end, scratchBytes } = workspace.layOut(samples, (stage) => chains.has(stage));
        rooms.forEach((room, index) => {
          const { where, at } = places[index];
          const bytes = where === "scratch" && room.kind === "either" ? room.bytes / samples : room.bytes;
          assert.ok(at % 64 === 0 && at >= (where === "arena" ? start : 0));
          assert.ok(at + bytes <= (where === "arena" ? end : scratchBytes));
          if (where === "scratch" && room.kind === "either") assert.equal(room.first, room.last);
          rooms.forEach((other, another) => {
            if (another <= index || places[another].where !== where) return;
            const apart =
              other.first > room.last ||
              room.first > other.last ||
              (where === "scratch" &&
                (other.firstPhase > room.lastPhase || room.firstPhase > other.lastPhase));
            const theirs = places[another].at;
            const length =
              where === "scratch" && other.kind === "either" ? other.bytes / samples : other.bytes;
            assert.ok(apart || theirs >= at + bytes || at >= theirs + length, "two rooms in one place");
          });
        });
      }),
    );
  });

  it("gives every room the place that was laid out, whatever asks the second time", () => {
    fc.assert(
      fc.property(programs, (phases) => {
        const { workspace, chains } = run(phases);
        const layout = workspace.layOut(samples, (stage) => chains.has(stage));
        run(phases, layout);
      }),
    );
  });

  it("lets a room be used again when the work that needed it is done", () => {
    const alone: Phase = {
      own: [{ bytes: 640 }],
      shared: [],
      scratch: [],
      touches: [],
      stages: 1,
      chains: false,
    };
    const { workspace } = run([alone, alone, alone]);
    const { places, end } = workspace.layOut(samples, () => false);
    assert.deepEqual(new Set(places.map(({ at }) => at)).size, 1);
    assert.equal(end, 1024 + 640);
  });

  it("keeps what the preparation writes, and what is put off until it is done", () => {
    let count = 0;
    const workspace = new Workspace(0, () => ({ count, open: false }), false);
    const addresses: number[] = [];
    const phase = (bytes: number, keep?: Keep) =>
      workspace.phase({} as Node, () => {
        addresses.push(workspace.allocate(bytes, keep));
        count++;
      });
    phase(64, "always");
    phase(128);
    workspace.wait(addresses[1]);
    assert.ok(workspace.crowded(100) && !workspace.crowded(128));
    phase(192);
    count++;
    workspace.settle();
    assert.ok(!workspace.crowded(0));
    phase(256);
    const { rooms, end } = workspace.layOut(samples, () => false);
    assert.deepEqual(
      rooms.map(({ first, last }) => [first, last]),
      [
        [0, Number.POSITIVE_INFINITY],
        [1, 3],
        [2, 2],
        [4, 4],
      ],
    );
    assert.equal(end, 64 + 128 + 192, "the last lies over the two before it");
  });

  it("keeps what is prepared for one phase as long as that, or always where the preparation may be left out", () => {
    for (const [preparesAlways, last] of [
      [true, 1],
      [false, Number.POSITIVE_INFINITY],
    ] as const) {
      let count = 0;
      const workspace = new Workspace(0, () => ({ count, open: false }), preparesAlways);
      const node = {} as Node;
      const phase = (work: () => void) =>
        workspace.phase(node, () => {
          work();
          count++;
        });
      phase(() => undefined);
      phase(() => workspace.allocate(64, "prepared"));
      phase(() => workspace.allocate(64));
      const [room] = workspace.layOut(samples, () => false).rooms;
      assert.deepEqual([room.first, room.last], [0, last]);
    }
  });

  it("refuses work that does otherwise the second time than it was planned for", () => {
    const first: Phase = { own: [], shared: [1], scratch: [], touches: [], stages: 0, chains: true };
    const touching: Phase = { ...first, shared: [], touches: [0], stages: 1 };
    const { workspace, chains } = run([first, { ...touching, touches: [] }]);
    const layout = workspace.layOut(samples, (stage) => chains.has(stage));
    assert.throws(() => run([first, touching], layout), /A room is used otherwise than planned/);
  });
});
