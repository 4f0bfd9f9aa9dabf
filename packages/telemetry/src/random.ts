/** Gives that many unpredictable bytes; the port behind event and correlation ids. */
export type RandomBytes = (length: number) => Uint8Array;
