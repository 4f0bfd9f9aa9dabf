/** Every shape of id that the sources write (ART-04), with an example of each. */
export const idShapes = ["cycle", "task", "manifest", "event", "entity"] as const;

/** Shape of an id: `PLN-BE-2024-01`, `PLN-BE-001`, `hnd_2024_01_15_abc123`, `evt_2024_01_15_xyz789`, `pln_task_123`. */
export type IdShape = (typeof idShapes)[number];

const patterns: Readonly<Record<IdShape, RegExp>> = {
  cycle: /^[A-Z]{2,8}-[A-Z]{2,8}-[0-9]{4}-(?:0[1-9]|1[0-2])$/,
  task: /^[A-Z]{2,8}-[A-Z]{2,8}-[0-9]{3,6}$/,
  manifest: /^hnd_([0-9]{4}_[0-9]{2}_[0-9]{2})_[A-Za-z0-9]{1,64}$/,
  event: /^evt_([0-9]{4}_[0-9]{2}_[0-9]{2})_[A-Za-z0-9]{1,64}$/,
  entity: /^[a-z]{2,8}_[a-z]{1,32}_[0-9]{1,12}$/,
};

/**
 * Tells which shape an id has, or null: ids of other shapes are allowed, they only tell nothing about themselves (ART-04). A date in an id must be a
 * day of the calendar.
 */
export function idShapeOf(text: string): IdShape | null {
  const found = idShapes.find((shape) => patterns[shape].test(text)) ?? null;
  const date = found === null ? undefined : patterns[found].exec(text)?.[1];
  return date !== undefined && !isDate(date.replaceAll("_", "-")) ? null : found;
}

/**
 * Writes the id of a manifest or an event (ART-04) from a date and a text of letters and digits that makes it unique, which the caller brings.
 *
 * @throws {RangeError} When the date is no day of the calendar, or the text is not 1 to 64 letters and digits.
 * @example Name a manifest
 * ```ts
 * import assert from "node:assert/strict";
 * import { datedId, idShapeOf } from "@gov/schema";
 *
 * const id = datedId("manifest", { date: "2024-01-15", suffix: "abc123" });
 * assert.deepEqual([id, idShapeOf(id)], ["hnd_2024_01_15_abc123", "manifest"]);
 * ```
 */
export function datedId(shape: "manifest" | "event", parts: { readonly date: string; readonly suffix: string }): string {
  const { date, suffix } = parts;
  if (!isDate(date)) throw new RangeError(`Cannot make an id with "date" of ${JSON.stringify(date)}: a day as "2024-01-15" is expected`);
  const id = `${shape === "manifest" ? "hnd" : "evt"}_${date.replaceAll("-", "_")}_${suffix}`;
  if (!patterns[shape].test(id))
    throw new RangeError(`Cannot make an id with "suffix" of ${JSON.stringify(suffix)}: 1 to 64 letters and digits are expected`);
  return id;
}

function isDate(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  // Some dates that do not exist are read as the day they would be.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
