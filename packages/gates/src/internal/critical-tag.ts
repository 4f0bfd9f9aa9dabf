import type { Tag } from "@gov/schema";

/** True for a tag that calls something critical in a word of its own, `Critical` or `Critical:yes`: without regard to case, so that no spelling hides it. */
export function isCriticalWord({ key, value }: Tag): boolean {
  const text = value?.trim().toLowerCase();
  return key.trim().toLowerCase() === "critical" && text !== "false" && text !== "no";
}
