import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { crc32c } from "../../core/data/formats/crc32.js";

/** An image of a summary. */
export interface SummaryImage {
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  /** A PNG file. */
  readonly png: Uint8Array;
}

/** What is shown under a name: a number, an image, or a text in Markdown. */
export type SummaryValue = { readonly tag: string } & (
  | { readonly number: number }
  | { readonly image: SummaryImage }
  | { readonly text: string }
);

/** Values of one moment. */
export interface SummaryEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** What values are drawn over. */
  readonly step: number;
  readonly values: readonly SummaryValue[];
}

type Write = (writer: BinaryWriter) => BinaryWriter;

/** A message within a field. */
const nested =
  (field: number, write: Write): Write =>
  (writer) =>
    write(writer.tag(field, WireType.LengthDelimited).fork()).join();

const text =
  (field: number, value: string): Write =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value);

const bytes =
  (field: number, value: Uint8Array): Write =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).bytes(value);

const whole =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value);

const all =
  (...writes: readonly Write[]): Write =>
  (writer) =>
    writes.reduce((before, write) => write(before), writer);

/** `tensorflow.DataType` of strings. */
const stringType = 7;

/** Red, green and blue. */
const colours = 3;

/** `tensorflow.Summary.Value`. */
function summaryValue(value: SummaryValue): Write {
  const tag = text(1, value.tag);
  if ("number" in value) return all(tag, (writer) => writer.tag(2, WireType.Bit32).float(value.number));
  if ("image" in value) {
    const { height, width, png } = value.image;
    return all(tag, nested(4, all(whole(1, height), whole(2, width), whole(3, colours), bytes(4, png))));
  }
  const oneString = all(whole(1, stringType), nested(2, nested(2, whole(1, 1))), text(8, value.text));
  return all(tag, nested(9, nested(1, text(1, "text"))), nested(8, oneString));
}

/** `tensorflow.Event` but for what it holds. */
const event = (wallTime: number, ...rest: readonly Write[]): Uint8Array =>
  all((writer) => writer.tag(1, WireType.Bit64).double(wallTime), ...rest)(new BinaryWriter()).finish();

/** As TFRecord files store a checksum: turned, and moved by a constant, since it stands among what it is of. */
const masked = (sum: number): number => (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;

/** A record of a TFRecord file: the length of its data and that one's checksum, the data and theirs, little-endian. */
function record(data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(data.length + 16);
  const view = new DataView(whole.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(whole.subarray(0, 8))), true);
  whole.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return whole;
}

/** What an event file begins with. @param wallTime seconds since 1970 */
export const eventFileStart = (wallTime: number): Uint8Array =>
  record(event(wallTime, text(3, "brain.Event:2")));

/** Values as a record of an event file, as TensorBoard reads it; numbers that are not finite are left out. */
export function eventRecord({ wallTime, step, values }: SummaryEvent): Uint8Array {
  const shown = values.filter((value) => !("number" in value) || Number.isFinite(value.number));
  const summary = all(...shown.map((value) => nested(1, summaryValue(value))));
  return record(event(wallTime, whole(2, step), nested(5, summary)));
}
