import { parseTime } from "../timestamps.ts";
import type { AuditEntry } from "./entry.ts";

/** Which entries are wanted; every part that is given must hold. */
export interface AuditQuery {
  readonly kinds?: readonly string[] | undefined;
  readonly actors?: readonly string[] | undefined;
  readonly subjects?: readonly string[] | undefined;
  readonly correlationId?: string | undefined;
  /** RFC 3339, included. */
  readonly from?: string | undefined;
  /** RFC 3339, not included. */
  readonly to?: string | undefined;
}

/**
 * Returns a test for entries (TEL-08); times are compared as instants, texts exactly.
 *
 * @throws RangeError when a time is none.
 * @example Find who waived what
 * ```ts
 * import assert from "node:assert/strict";
 * import { matchesQuery } from "@gov/telemetry/audit";
 *
 * const isWanted = matchesQuery({ kinds: ["WAIVER"], from: "2024-01-01T00:00:00Z" });
 * const entry = { kind: "WAIVER", actor: "ann", subject: "gate/schema_lint", time: "2024-01-15T10:00:00.000Z" };
 * assert.equal(isWanted(entry), true);
 * assert.equal(isWanted({ ...entry, kind: "TOGGLE" }), false);
 * ```
 */
export function matchesQuery(
  query: AuditQuery,
): (entry: Pick<AuditEntry, "kind" | "actor" | "subject" | "time" | "correlation_id">) => boolean {
  const from = query.from === undefined ? -Infinity : requireTime(query.from);
  const to = query.to === undefined ? Infinity : requireTime(query.to);
  const kinds = setOf(query.kinds);
  const actors = setOf(query.actors);
  const subjects = setOf(query.subjects);
  return ({ kind, actor, subject, time, correlation_id }) => {
    const isNamed = (kinds?.has(kind) ?? true) && (actors?.has(actor) ?? true) && (subjects?.has(subject) ?? true);
    if (!isNamed || (query.correlationId !== undefined && correlation_id !== query.correlationId)) return false;
    const instant = parseTime(time) ?? Number.NaN;
    return instant >= from && instant < to;
  };
}

function setOf(values: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return values === undefined ? undefined : new Set(values);
}

function requireTime(text: string): number {
  const instant = parseTime(text);
  if (instant === null) throw new RangeError(`Cannot query by the time "${text}": it must be RFC 3339 with "Z" or an offset`);
  return instant;
}
