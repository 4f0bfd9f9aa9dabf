/**
 * What an acknowledged write survives. `power`: a power cut; the file, then its directory entry, have been synced. `process`: the death of the process; the
 * file was synced before it was published, so a power cut leaves the old bytes or the new ones, but may take the acknowledgement back. `none`: nothing was
 * synced; readers of the running system see old or new, a power cut may leave a mixture.
 */
export type Durability = (typeof durabilities)[number];

/** Every durability, strongest first. */
export const durabilities = ["power", "process", "none"] as const;

/** Returns the durability, or throws for a value that is none. */
export function durabilityOf(value: Durability | undefined): Durability {
  if (value === undefined) return "power";
  if (!durabilities.includes(value))
    throw new RangeError(`Cannot write with durability "${String(value)}": it must be one of power, process, none`);
  return value;
}
