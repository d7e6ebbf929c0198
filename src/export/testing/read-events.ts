import assert from "node:assert/strict";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** A field's contents, nested messages as fields again where `shape` says so. */
interface Fields {
  readonly [field: number]: unknown[];
}

/** Which fields of a message are messages, with theirs. */
interface Messages {
  readonly [field: number]: Messages;
}

const message = (bytes: Uint8Array, messages: Messages): Fields => {
  const reader = new BinaryReader(bytes);
  const fields: Record<number, unknown[]> = {};
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    fields[field] ??= [];
    if (wire === WireType.Varint) fields[field].push(Number(reader.int64()));
    else if (wire === WireType.Bit64) fields[field].push(reader.double());
    else if (wire === WireType.Bit32) fields[field].push(reader.float());
    else {
      const content = reader.bytes();
      fields[field].push(messages[field] ? message(content, messages[field]) : content);
    }
  }
  return fields;
};

const eventMessages: Messages = { 5: { 1: { 4: {}, 8: { 2: { 2: {} } }, 9: { 1: {} } } } };

const text = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString("utf8");

/** CRC-32C, a bit at a time. */
function plainChecksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0x82f63b78 : 0);
  }
  const whole = ~sum >>> 0;
  return (((whole >>> 15) | ((whole << 17) >>> 0)) + 0xa282ead8) >>> 0;
}

/** What an event file says. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version?: string;
  readonly values: readonly {
    readonly tag: string;
    readonly number?: number;
    readonly image?: { readonly height: number; readonly width: number; readonly png: Uint8Array };
    readonly plugin?: string;
    readonly text?: string;
  }[];
}

/** Reads an event file, whose checksums must be right. */
export function readEvents(file: Uint8Array): ReadEvent[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const events: ReadEvent[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    assert.equal(view.getUint32(at + 8, true), plainChecksum(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(view.getUint32(at + 12 + length, true), plainChecksum(data));
    at += length + 16;
    const {
      1: [wallTime],
      2: [step] = [0],
      3: [version] = [],
      5: [summary] = [],
    } = message(data, eventMessages);
    const values = ((summary as Fields | undefined)?.[1] ?? []) as Fields[];
    events.push({
      wallTime: wallTime as number,
      step: step as number,
      ...(version !== undefined && { version: text(version) }),
      values: values.map((value) => {
        const [image] = (value[4] ?? []) as Fields[];
        const [tensor] = (value[8] ?? []) as Fields[];
        const [metadata] = (value[9] ?? []) as Fields[];
        return {
          tag: text(value[1][0]),
          ...(value[2] && { number: value[2][0] as number }),
          ...(image && {
            image: {
              height: image[1][0] as number,
              width: image[2][0] as number,
              png: Uint8Array.from(image[4][0] as Uint8Array),
            },
          }),
          ...(metadata && { plugin: text((metadata[1][0] as Fields)[1][0]) }),
          ...(tensor && { text: text(tensor[8][0]) }),
        };
      }),
    });
  }
  return events;
}
