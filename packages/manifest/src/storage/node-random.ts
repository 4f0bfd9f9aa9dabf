import { randomBytes } from "node:crypto";

/** Gives that many unpredictable bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** Random bytes of the machine: the one Node default of the {@link RandomBytes} port. @internal */
export const nodeRandomBytes: RandomBytes = (length) => randomBytes(length);
