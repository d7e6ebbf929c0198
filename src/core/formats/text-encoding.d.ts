// The part of the Encoding standard that the core uses: every runtime has it, but TypeScript ships it only with
// the DOM's or Node's types, which the core must not see.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: "utf-8", options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
