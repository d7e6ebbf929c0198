import { lowestGap } from "./lowest-gap.js";

/** Memory that something of a program lies in, and when it must keep it. */
interface Room {
  readonly bytes: number;
  /**
   * `scratch` is a thread's own, for what one sample needs in one chain; `arena` holds the whole batch or all
   * samples; `either` is a value a sample, which goes to scratch where one chain alone uses it.
   */
  readonly kind: "arena" | "scratch" | "either";
  /** Stages, and phases of nodes' work: those of a chain follow each other sample by sample. */
  first: number;
  last: number;
  firstPhase: number;
  lastPhase: number;
}

/** How long memory is kept beyond the phases of the node that asked for it. */
export type Keep =
  /** From the first stage on: written beside it. */
  | "from the start"
  /** To the step's end: read when it is over. */
  | "to the end"
  /** Always: written by the preparation, which steps may leave out. */
  | "always"
  /** Written by the preparation for this phase alone: always where steps may leave the preparation out. */
  | "prepared";

/** An address in the arena, or an offset in the threads' scratch. */
export interface Place {
  readonly where: "arena" | "scratch";
  readonly at: number;
}

/** Where the rooms of a program lie, in the order in which they are asked for. */
export interface Layout {
  readonly rooms: readonly Room[];
  readonly places: readonly Place[];
  /** Where those in the arena end. */
  readonly end: number;
  /** What those in scratch need of each thread's. */
  readonly scratchBytes: number;
  /** The phases, counted from 1, after which put-off work kept too much. */
  readonly crowdedAfter: ReadonlySet<number>;
}

/** How far a plan has come: its whole stages, and whether one is still being added to. */
export interface Progress {
  readonly count: number;
  readonly open: boolean;
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Every room on cache lines of its own, and those of no bytes told apart. */
const lines = (bytes: number): number => Math.max(64, align(bytes));

/**
 * The memory that a program's nodes work in. A program is planned twice. The first time every room has a place
 * of its own, and what is asked for and touched while a node is at work says when it is needed; then rooms that are
 * never needed at once are laid over each other; the second time each gets its place.
 *
 * A node's work, forward or backward, is a phase: from the stage that is open when it begins to the one that is open
 * when it ends. What it asked for by `allocate` is its own, and kept in all of its phases and between them.
 */
export class Workspace {
  readonly #rooms: Room[] = [];
  readonly #places: Place[] = [];
  readonly #byAddress = new Map<number, Room>();
  readonly #owned = new Map<object | undefined, Set<Room>>();
  readonly #waiting = new Set<Room>();
  readonly #touched = new Set<number>();
  readonly #crowdedAfter = new Set<number>();
  readonly #next: Record<Place["where"], number>;
  #phase = 0;
  #owner: object | undefined;
  #open = false;

  /**
   * @param start the first byte
   * @param progress how far the plan of stages has come
   * @param preparesAlways whether no step leaves the preparation out
   * @param layout where rooms lie; left out the first time
   */
  constructor(
    readonly start: number,
    readonly progress: () => Progress,
    readonly preparesAlways: boolean,
    readonly layout?: Layout,
  ) {
    this.#next = { arena: align(start), scratch: 0 };
  }

  /** Where the rooms end while each has a place of its own. */
  get ends(): Readonly<Record<Place["where"], number>> {
    return this.#next;
  }

  /** Runs a node's work, and keeps all it touches for the stages that this adds to. */
  phase(owner: object | undefined, work: () => void): void {
    this.#owner = owner;
    this.#phase++;
    this.#open = true;
    const first = this.progress().count;
    work();
    this.#open = false;
    const { count, open } = this.progress();
    const last = Math.max(first, open ? count : count - 1);
    const touched = [...this.#touched].map((index) => this.#rooms[index]);
    for (const room of [...touched, ...(this.#owned.get(owner) ?? [])]) {
      room.last = Math.max(room.last, last);
      room.lastPhase = this.#phase;
    }
    if (this.layout) for (const index of this.#touched) this.#check(index, this.layout.rooms[index]);
    this.#touched.clear();
  }

  /** Room of the node at work, for as long as it needs it, or longer. Gives its address. */
  allocate(bytes: number, keep?: Keep): number {
    const index = this.#add(bytes, "arena");
    const room = this.#rooms[index];
    if (keep && keep !== "to the end") room.first = 0;
    if (keep === "prepared" && this.preparesAlways) this.touch(index);
    else {
      if (keep && keep !== "from the start") room.last = Number.POSITIVE_INFINITY;
      const owned = this.#owned.get(this.#owner) ?? new Set();
      this.#owned.set(this.#owner, owned.add(room));
    }
    return this.#placeOf(index).at;
  }

  /** Room for what one sample needs, in the thread's scratch or, if `batchBytes` are given, for all in the arena. */
  allocateShared(bytes: number, batchBytes?: number): { readonly room: number; readonly place: Place } {
    const room = this.#add(batchBytes ?? bytes, batchBytes === undefined ? "scratch" : "either");
    this.touch(room);
    return { room, place: this.#placeOf(room) };
  }

  /** Scratch of the node at work alone. Gives its offset. */
  scratch(bytes: number): number {
    return this.allocateShared(bytes).place.at;
  }

  /** Says that the node at work uses this room; where none is at work, that it is used when the step is over. */
  touch(index: number): void {
    if (this.#open) this.#touched.add(index);
    else this.#rooms[index].last = Number.POSITIVE_INFINITY;
  }

  /** Says that work which is put off still uses the room at this address. */
  wait(address: number): void {
    const room = this.#byAddress.get(address);
    if (room) this.#waiting.add(room);
  }

  /** Whether put-off work keeps more than so many bytes; the second time, whether it did. */
  crowded(most: number): boolean {
    if (this.layout) return this.layout.crowdedAfter.has(this.#phase);
    const crowded = [...this.#waiting].reduce((sum, { bytes }) => sum + bytes, 0) > most;
    if (crowded) this.#crowdedAfter.add(this.#phase);
    return crowded;
  }

  /** Says that what was put off is the stage added last. */
  settle(): void {
    const last = this.progress().count - 1;
    for (const room of this.#waiting) room.last = Math.max(room.last, last);
    this.#waiting.clear();
  }

  /**
   * Lays rooms over each other, the largest first.
   * @param samplesOf of a value a sample: how many there are
   * @param isChain whether a stage works sample by sample
   */
  layOut(samples: number, isChain: (stage: number) => boolean): Layout {
    const rooms = this.#rooms;
    const places = new Array<Place>(rooms.length);
    const where = (room: Room): Place["where"] =>
      room.kind === "scratch" || (room.kind === "either" && room.first === room.last && isChain(room.first))
        ? "scratch"
        : "arena";
    const needs = (room: Room): number =>
      lines(room.kind === "either" && where(room) === "scratch" ? room.bytes / samples : room.bytes);
    const ends = { arena: align(this.start), scratch: 0 };
    const starts = { ...ends };
    const placed: { readonly room: Room; readonly from: number; readonly to: number }[] = [];
    const bySize = [...rooms.keys()].sort((a, b) => needs(rooms[b]) - needs(rooms[a]) || a - b);
    for (const index of bySize) {
      const room = rooms[index];
      const own = where(room);
      const beside = placed.filter((other) => where(other.room) === own && atOnce(room, other.room, own));
      const from = lowestGap(beside, starts[own], needs(room));
      const to = from + needs(room);
      places[index] = { where: own, at: from };
      placed.push({ room, from, to });
      ends[own] = Math.max(ends[own], to);
    }
    const { arena: end, scratch: scratchBytes } = ends;
    return { rooms, places, end, scratchBytes, crowdedAfter: this.#crowdedAfter };
  }

  #add(bytes: number, kind: Room["kind"]): number {
    const { count } = this.progress();
    const [stages, phases] = [
      { first: count, last: count },
      { firstPhase: this.#phase, lastPhase: this.#phase },
    ];
    const room: Room = { bytes, kind, ...stages, ...phases };
    const index = this.#rooms.push(room) - 1;
    const where = kind === "scratch" ? "scratch" : "arena";
    const at = this.#next[where];
    this.#places.push({ where, at });
    if (where === "arena") this.#byAddress.set(at, room);
    this.#next[where] = at + lines(bytes);
    return index;
  }

  #placeOf(index: number): Place {
    return (this.layout?.places ?? this.#places)[index];
  }

  /** @throws Error where a room is used at another time than was planned: another would lie in its place. */
  #check(index: number, planned: Room | undefined): void {
    const room = this.#rooms[index];
    const held =
      planned &&
      room.first >= planned.first &&
      room.last <= planned.last &&
      room.firstPhase >= planned.firstPhase &&
      room.lastPhase <= planned.lastPhase;
    if (!held)
      throw new Error(
        `A room is used otherwise than planned: ${JSON.stringify(room)}, not ${JSON.stringify(planned)}.`,
      );
  }
}

/** Whether two rooms are needed at once: in one chain's scratch, by phases; in the arena, by whole stages. */
function atOnce(a: Room, b: Room, where: Place["where"]): boolean {
  const stages = a.first <= b.last && b.first <= a.last;
  if (where === "arena") return stages;
  return stages && a.firstPhase <= b.lastPhase && b.firstPhase <= a.lastPhase;
}
