import type { Node } from "./node.js";

/** Memory that something of a program lies in, and the stages in which it must keep it. */
interface Room {
  readonly bytes: number;
  first: number;
  last: number;
}

/** How long memory is kept beyond the phases of the node that asked for it. */
export type Keep =
  /** From the first stage on: written beside it. */
  | "from the start"
  /** To the step's end: read when it is over. */
  | "to the end"
  /** Always: written by the preparation, which steps may leave out. */
  | "always";

/** Every room on cache lines of its own. */
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/**
 * The memory that a program's nodes work in. A program is planned twice. The first time every room has addresses
 * of its own, and what is asked for and touched while a node is at work says in which stages it is needed; then
 * rooms that are never needed at once are laid over each other; the second time each gets its address.
 *
 * A node's work, forward or backward, is a phase: from the stage that is open when it begins to the one that is open
 * when it ends. What it asked for by `allocate` is its own, and kept in all of its phases and between them.
 */
export class Workspace {
  readonly #rooms = new Map<number, Room>();
  readonly #owned = new Map<Node | undefined, Set<Room>>();
  readonly #waiting = new Set<Room>();
  readonly #touched = new Set<Room>();
  #owner: Node | undefined;
  #open = false;
  #next: number;
  #count = 0;

  /**
   * @param start the first byte
   * @param stages how many stages there are so far, and whether one is still being added to
   * @param addresses where the rooms lie, in the order in which they are asked for; left out the first time
   */
  constructor(
    readonly start: number,
    readonly stages: () => { readonly count: number; readonly open: boolean },
    readonly addresses?: readonly number[],
  ) {
    this.#next = align(start);
  }

  /** Where the rooms end while each has addresses of its own. */
  get end(): number {
    return this.#next;
  }

  /** Runs a node's work, and keeps all it touches for the stages that this adds to. */
  phase(owner: Node | undefined, work: () => void): void {
    this.#owner = owner;
    this.#open = true;
    const first = this.stages().count;
    work();
    this.#open = false;
    const { count, open } = this.stages();
    const last = Math.max(first, open ? count : count - 1);
    for (const room of [...this.#touched, ...(this.#owned.get(owner) ?? [])]) {
      room.first = Math.min(room.first, first);
      room.last = Math.max(room.last, last);
    }
    this.#touched.clear();
  }

  /** Room of the node at work, for as long as it needs it, or longer. Gives its address. */
  allocate(bytes: number, keep?: Keep): number {
    const { address, room } = this.#add(bytes);
    if (!room) return address;
    if (keep === "always" || keep === "from the start") room.first = 0;
    if (keep === "always" || keep === "to the end") room.last = Number.POSITIVE_INFINITY;
    const owned = this.#owned.get(this.#owner) ?? new Set();
    this.#owned.set(this.#owner, owned.add(room));
    return address;
  }

  /** Room that is needed wherever it is touched, whoever does so. Gives its address. */
  allocateShared(bytes: number): number {
    const { address } = this.#add(bytes);
    this.touch(address);
    return address;
  }

  /** Says that the node at work uses this room; where none is at work, that it is used when the step is over. */
  touch(address: number): void {
    const room = this.#rooms.get(address);
    if (!room) return;
    if (this.#open) this.#touched.add(room);
    else room.last = Number.POSITIVE_INFINITY;
  }

  /** Says that work which is put off still uses this room. */
  wait(address: number): void {
    const room = this.#rooms.get(address);
    if (room) this.#waiting.add(room);
  }

  /** Bytes that put-off work keeps. */
  get waitingBytes(): number {
    return [...this.#waiting].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Says that what was put off is the stage added last. */
  settle(): void {
    const last = this.stages().count - 1;
    for (const room of this.#waiting) room.last = Math.max(room.last, last);
    this.#waiting.clear();
  }

  /** Where each room lies, in the order in which they were asked for, and where all of them end. */
  layOut(): { readonly addresses: readonly number[]; readonly end: number } {
    const rooms = [...this.#rooms.values()];
    const addresses = new Array<number>(rooms.length).fill(0);
    const placed: { readonly room: Room; readonly from: number; readonly to: number }[] = [];
    let end = align(this.start);
    const bySize = rooms.map((_, index) => index).sort((a, b) => rooms[b].bytes - rooms[a].bytes || a - b);
    for (const index of bySize) {
      const room = rooms[index];
      const from = lowestGap(
        placed.filter((other) => other.room.first <= room.last && room.first <= other.room.last),
        align(this.start),
        room.bytes,
      );
      addresses[index] = from;
      placed.push({ room, from, to: from + align(room.bytes) });
      end = Math.max(end, from + room.bytes);
    }
    return { addresses, end };
  }

  #add(bytes: number): { address: number; room?: Room } {
    if (this.addresses) return { address: this.addresses[this.#count++] };
    const address = this.#next;
    const room = { bytes, first: this.stages().count, last: this.stages().count };
    this.#rooms.set(address, room);
    // Rooms of no bytes are told apart too.
    this.#next += Math.max(64, align(bytes));
    return { address, room };
  }
}

/** The lowest address from `start` on where so many bytes lie beside all of these. */
function lowestGap(
  taken: readonly { readonly from: number; readonly to: number }[],
  start: number,
  bytes: number,
): number {
  let at = start;
  for (const { from, to } of [...taken].sort((a, b) => a.from - b.from)) {
    if (at + bytes <= from) return at;
    at = Math.max(at, to);
  }
  return at;
}
