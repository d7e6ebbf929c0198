import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Node } from "./node.js";
import { type Keep, type Layout, Workspace } from "./workspace.js";

/** What a node does in a phase: rooms asked for and touched, and stages of its own or work in the open chain. */
interface Phase {
  /** Which node is at work. */
  readonly owner: number;
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

/** When a room is needed, as far as the phases say: stages and phases whose work may use it. */
interface Uses {
  readonly stages: number[];
  readonly phases: number[];
}

/** The stages that need what is kept, whatever work there is. */
const keptIn = (keep: Keep | undefined): number[] => [
  ...(keep && keep !== "to the end" ? [0] : []),
  ...(keep && keep !== "from the start" ? [Number.POSITIVE_INFINITY] : []),
];

/** Runs phases as a program's plan would; says where each room lies and, of its own accord, when it is used. */
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
  const uses: Uses[] = [];
  const owners: { readonly node: Node; readonly rooms: number[] }[] = [];
  for (const [index, phase] of phases.entries()) {
    owners[phase.owner] ??= { node: {} as Node, rooms: [] };
    const { node, rooms } = owners[phase.owner];
    const inUse = new Set(rooms);
    const ask = (keep?: Keep): number => {
      const room = uses.push({ stages: keptIn(keep), phases: [] }) - 1;
      inUse.add(room);
      return room;
    };
    /** Adds to a stage what may use all that the phase has by then. */
    const work = (stage: number): void => {
      for (const room of inUse) {
        uses[room].stages.push(stage);
        uses[room].phases.push(index);
      }
    };
    workspace.phase(node, () => {
      for (const { bytes, keep } of phase.own) {
        workspace.allocate(bytes, keep);
        rooms.push(ask(keep));
      }
      if (shared.length > 0)
        for (const touched of phase.touches.map((at) => shared[at % shared.length])) {
          workspace.touch(touched);
          inUse.add(touched);
        }
      for (let stage = 0; stage < phase.stages; stage++) {
        close();
        work(count++);
      }
      for (const bytes of phase.shared) {
        shared.push(workspace.allocateShared(bytes * 64, bytes * 64 * samples).room);
        ask();
      }
      if (phase.chains) {
        open = true;
        for (const bytes of phase.scratch) {
          workspace.scratch(bytes);
          ask();
        }
        work(count);
      }
    });
  }
  close();
  return { workspace, chains, uses };
}

/** Whether one is over before the other begins. */
const areApart = (some: readonly number[], others: readonly number[]): boolean =>
  Math.max(...some) < Math.min(...others) || Math.max(...others) < Math.min(...some);

const keep = fc.constantFrom<Keep | undefined>(
  undefined,
  "from the start",
  "to the end",
  "always",
  "prepared",
);
const phase: fc.Arbitrary<Phase> = fc.record({
  owner: fc.nat(7),
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
        const { workspace, chains, uses } = run(phases);
        const { rooms, places, end, scratchBytes } = workspace.layOut(samples, (stage) => chains.has(stage));
        assert.equal(rooms.length, uses.length);
        const placed = rooms.map(({ kind, bytes }, index) => {
          const { where, at } = places[index];
          const { stages, phases } = uses[index];
          if (where === "scratch" && kind === "either") {
            const used = [...new Set(stages)];
            assert.ok(
              used.length <= 1 && used.every((stage) => chains.has(stage)),
              "in scratch for one chain",
            );
          }
          // Those of no bytes are told apart too.
          const own = Math.max(1, where === "scratch" && kind === "either" ? bytes / samples : bytes);
          assert.ok(at % 64 === 0 && at >= (where === "arena" ? start : 0));
          assert.ok(at + own <= (where === "arena" ? end : scratchBytes));
          return { where, bytes: [at, at + own - 1], stages, phases };
        });
        for (const [index, one] of placed.entries())
          for (const other of placed.slice(0, index).filter(({ where }) => where === one.where)) {
            const neverAtOnce =
              areApart(one.stages, other.stages) ||
              (one.where === "scratch" && areApart(one.phases, other.phases));
            assert.ok(neverAtOnce || areApart(one.bytes, other.bytes), "two rooms in one place");
          }
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
    const alone: Omit<Phase, "owner"> = {
      own: [{ bytes: 640 }],
      shared: [],
      scratch: [],
      touches: [],
      stages: 1,
      chains: false,
    };
    const { workspace } = run([0, 1, 2].map((owner) => ({ owner, ...alone })));
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
    const first: Phase = {
      owner: 0,
      own: [],
      shared: [1],
      scratch: [],
      touches: [],
      stages: 0,
      chains: true,
    };
    const touching: Phase = { ...first, owner: 1, shared: [], touches: [0], stages: 1 };
    const { workspace, chains } = run([first, { ...touching, touches: [] }]);
    const layout = workspace.layOut(samples, (stage) => chains.has(stage));
    assert.throws(() => run([first, touching], layout), /A room is used otherwise than planned/);
  });
});
