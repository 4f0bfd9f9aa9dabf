/** Returns the permission bits given, or throws for a number that is none. */
export function modeOf(mode: number | undefined): number | undefined {
  if (mode !== undefined && (!Number.isInteger(mode) || mode < 0 || mode > 0o7777)) {
    throw new RangeError(`Cannot set mode ${String(mode)}: it must be an integer between 0 and 0o7777`);
  }
  return mode;
}
