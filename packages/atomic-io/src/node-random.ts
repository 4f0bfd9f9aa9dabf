import type { RandomBytes } from "./temp-name.ts";

// One call for many names: asked for twelve bytes, the generator takes as long as the rest of naming a file together.
const atOnce = 4096;

let drawn: Uint8Array = new Uint8Array(0);
let used = 0;

// Looked up when the first bytes are drawn: whoever only reads need not wait until it is loaded.
const randomBytes = (length: number): Uint8Array => process.getBuiltinModule("node:crypto").randomBytes(length);

/** Random bytes of the machine: the one Node default of the {@link RandomBytes} port. */
export const nodeRandomBytes: RandomBytes = (length) => {
  if (length > 64) return randomBytes(length);
  if (used + length > drawn.byteLength) {
    drawn = randomBytes(atOnce);
    used = 0;
  }
  used += length;
  return drawn.subarray(used - length, used);
};
