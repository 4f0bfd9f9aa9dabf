import { type CommandEntry, type Flags, UsageError } from "./command.ts";
import type { World } from "./context.ts";

/**
 * The world at the time that `--as-of` gives. What is recorded is recorded at the time at which it happens: only reading and trying can be done at
 * another.
 */
export async function asOf(world: World, { name, action, changesWith }: CommandEntry, values: Flags): Promise<World> {
  const text = values["as-of"];
  if (typeof text !== "string") return world;
  const isChanging = action !== null && (changesWith === undefined || changesWith.some((flag) => values[flag] !== undefined));
  if (isChanging && values["dry-run"] !== true)
    throw new UsageError(`--as-of needs --dry-run with gov ${name}`, "what is recorded is recorded at the time at which it happens");
  const { parseTime } = await import("@gov/telemetry");
  const time = parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time === null)
    throw new UsageError(`--as-of must be a time: current value is "${text}"`, "such as 2026-11-30 or 2026-11-30T08:00:00Z");
  return { ...world, clock: { ...world.clock, now: () => time } };
}
