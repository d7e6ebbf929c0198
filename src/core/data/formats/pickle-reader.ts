import { HeddleError } from "../../errors.js";
import { latin1 } from "./latin1.js";

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** The arguments of a pickle's opcodes, taken one after the other; none reaches past the end. */
export class PickleReader {
  /** The byte that is next. */
  at = 0;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly name: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  damaged(what: string): HeddleError {
    return new HeddleError(`${this.name} is a damaged pickle: ${what}. Fetch, copy or save it again.`);
  }

  /** The next bytes, a view of all. */
  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) {
      throw this.damaged(
        `${length} bytes are wanted at byte ${this.at} and ${this.bytes.length - this.at} follow`,
      );
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  skip(length: number): void {
    this.take(length);
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes, the lowest first. */
  count(size: 1 | 2 | 4 | 8): number {
    const place = this.at;
    this.take(size);
    if (size === 1) return this.#view.getUint8(place);
    if (size === 2) return this.#view.getUint16(place, true);
    return size === 4 ? this.#view.getUint32(place, true) : Number(this.#view.getBigUint64(place, true));
  }

  /** A signed number of a few bytes, the lowest first. */
  signed(size: number): number {
    if (size > 8) throw this.damaged(`a number of ${size} bytes is in it, expected at most 8`);
    const bytes = this.take(size);
    let value = 0n;
    for (let place = size - 1; place >= 0; place--) value = (value << 8n) | BigInt(bytes[place]);
    return Number(BigInt.asIntN(8 * size, value));
  }

  double(): number {
    const place = this.at;
    this.take(8);
    return this.#view.getFloat64(place);
  }

  text(length: number): string {
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw this.damaged(`the text before byte ${this.at} is not UTF-8`);
    }
  }

  /** What stands before the next end of a line, each byte a character. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end === -1) throw this.damaged(`the line at byte ${this.at} doesn't end`);
    const line = latin1(this.take(end - this.at));
    this.at++;
    return line;
  }

  /** A line of text as protocol 0 has it: characters beyond a byte, and ends of lines, by their codes. */
  textLine(): string {
    return this.line().replace(/\\u([0-9a-f]{4})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }

  /** A whole number as Python writes it; 00 and 01 are truth values. */
  wholeLine(): number {
    const line = this.line();
    if (!/^-?\d{1,15}L?$/.test(line)) throw this.damaged(`${JSON.stringify(line)} in it is no whole number`);
    return Number.parseInt(line, 10);
  }

  quotedLine(): string {
    const line = this.line();
    const text = /^(?<quote>['"])(?<text>.*)\k<quote>$/.exec(line)?.groups?.text;
    if (text === undefined) throw this.damaged(`${JSON.stringify(line)} in it is no text`);
    return text.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, code: string | undefined, character: string) =>
      code === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
