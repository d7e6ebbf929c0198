import { control } from "../control.js";
import type { SharedMemory } from "./memory.js";

const room = control.end - control.message - 4;

/** Leaves a text where the other threads can read it; what does not fit, or is not Latin-1, is lost. */
export function writeFailureMessage(memory: SharedMemory, text: string): void {
  const bytes = new Uint8Array(memory.buffer, control.message + 4, room);
  const length = Math.min(text.length, room);
  for (let index = 0; index < length; index++) bytes[index] = text.charCodeAt(index);
  new Int32Array(memory.buffer, control.message, 1)[0] = length;
}

export function readFailureMessage(memory: SharedMemory): string {
  const length = new Int32Array(memory.buffer, control.message, 1)[0];
  return String.fromCharCode(...new Uint8Array(memory.buffer, control.message + 4, length));
}
