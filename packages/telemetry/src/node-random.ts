import { randomBytes } from "node:crypto";
import type { RandomBytes } from "./random.ts";

/** Random bytes of the machine: the Node default of the `RandomBytes` port. */
export const nodeRandomBytes: RandomBytes = (length) => new Uint8Array(randomBytes(length));
