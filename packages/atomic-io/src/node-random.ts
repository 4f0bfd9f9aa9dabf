import { randomBytes } from "node:crypto";
import type { RandomBytes } from "./temp-name.ts";

/** Random bytes of the machine: the one Node default of the {@link RandomBytes} port. */
export const nodeRandomBytes: RandomBytes = (length) => randomBytes(length);
