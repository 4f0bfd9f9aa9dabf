import { setImmediate } from "node:timers/promises";

/** Lets the event loop turn once: the one Node default. */
export const nodeBreathe = (): Promise<void> => setImmediate();
