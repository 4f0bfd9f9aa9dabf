import type { Finding, Rulebook } from "@gov/schema";
import type { EnforcementMode } from "../enforcement/enforcement-mode.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { judgeWaiver, type WaiverPolicy } from "./judge-waiver.ts";
import { isWaiver, type Waiver, type WaiverSigner } from "./waiver.ts";
import { foldWaivers, type WaiverEntry, waiverRevoked } from "./waiver-log.ts";

/** Counts that no waiver covers unless the rulebook names others (B-13). */
const critical: readonly string[] = ["GATES_CRITICAL_CRITERIA_MISSING", "GATES_CRITICAL_ISSUE_OPEN", "GATES_CRITICAL_OWNER_MISSING"];

/** What waivers may do under the rules in force: what `waivers` of `rulebook.yaml` says, and nothing at all where it says nothing. */
export function waiverPolicyOf(spec: Rulebook["waivers"], options: { readonly mode: EnforcementMode }): WaiverPolicy {
  const { mode } = options;
  if (spec === undefined) return { overridePolicy: "none", mode, approverRoles: [], maxDays: 0, emergency: null, notWaivable: critical };
  const { override_policy: overridePolicy, approver_roles: approverRoles, max_days: maxDays, emergency, not_waivable: notWaivable } = spec;
  return {
    overridePolicy,
    mode,
    approverRoles,
    maxDays,
    emergency: emergency === undefined ? null : { approverRoles: emergency.approver_roles, maxHours: emergency.max_hours },
    notWaivable: notWaivable ?? critical,
  };
}

/** A waiver that somebody asks for; without an id it gets the next number. */
export type WaiverRequest = Omit<Waiver, "id"> & { readonly id?: string | undefined };

/** The waiver to sign and append, or why there is none. */
export type WaiverPlan = { readonly ok: true; readonly waiver: Waiver } | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Plans a waiver that somebody is about to sign (GOV-10, GOV-11): what would never be in force is refused before anything is recorded, and an
 * id is used once, also after it was revoked.
 *
 * @example Refuse a waiver that lasts too long
 * ```ts
 * import assert from "node:assert/strict";
 * import { planWaiver, waiverPolicyOf } from "@gov/gates/waivers";
 *
 * const policy = waiverPolicyOf({ override_policy: "waiver", approver_roles: ["quality"], max_days: 30 }, { mode: "soft_block" });
 * const request = {
 *   rule: "GATES_COVERAGE_LOW", path: "coverage.json", fingerprint: null, reason: "The parser is being replaced", ticket: "GOV-17",
 *   requested_by: "ada", not_before: "2026-01-01", expires: "2026-01-15", emergency: false,
 * };
 * const world = { approver: { person: "bob", role: "quality" }, policy, entries: [], asOf: Date.parse("2026-01-01") };
 * const granted = planWaiver(request, world);
 * assert(granted.ok);
 * assert.equal(granted.waiver.id, "W-1");
 * const endless = planWaiver({ ...request, expires: "2027-01-01" }, world);
 * assert(!endless.ok);
 * assert.equal(endless.findings[0]?.message, 'Waiver "W-1" cannot be granted: it lasts longer than the policy allows');
 * ```
 */
export function planWaiver(
  request: WaiverRequest,
  options: {
    readonly approver: WaiverSigner;
    readonly policy: WaiverPolicy;
    /** What the log says about waivers already. */
    readonly entries: readonly WaiverEntry[];
    /** The instant of the judgement, in epoch milliseconds. */
    readonly asOf: number;
  },
): WaiverPlan {
  const { approver, entries, ...world } = options;
  const used = new Set(entries.map(({ payload }) => ("waiver" in payload ? payload.waiver.id : payload.id)));
  const waiver: Waiver = { ...request, id: request.id ?? nextId(used) };
  const refuse = (problem: string): WaiverPlan => ({
    ok: false,
    findings: [makeFinding("GATES_WAIVER_INVALID", `Waiver "${waiver.id}" cannot be granted: ${problem}`)],
  });
  if (!isWaiver(waiver)) return refuse("rule, reason, ticket, who asks, beginning and end must all be there");
  if (used.has(waiver.id)) return refuse("its id was used before");
  const standing = foldWaivers(entries).find((granted) => isSameException(granted.waiver, waiver));
  if (standing !== undefined) return refuse(`it was granted already, as "${standing.waiver.id}"`);
  const { state, reason } = judgeWaiver({ waiver, signers: [approver] }, world);
  return state === "in_force" || state === "not_yet" ? { ok: true, waiver } : refuse(reason ?? "");
}

/** The entry that ends a waiver early, or why there is nothing to end. */
export function planRevocation(
  request: { readonly id: string; readonly by: string; readonly reason: string },
  options: { readonly entries: readonly WaiverEntry[] },
): { readonly ok: true; readonly entry: WaiverEntry } | { readonly ok: false; readonly findings: readonly Finding[] } {
  const { id, by, reason } = request;
  const refuse = (problem: string) => ({ ok: false, findings: [makeFinding("GATES_WAIVER_INVALID", problem)] }) as const;
  if (by.trim() === "" || reason.trim() === "") return refuse(`Waiver "${id}" cannot be revoked: somebody must say why`);
  const isGranted = foldWaivers(options.entries).some(({ waiver }) => waiver.id === id);
  return isGranted ? { ok: true, entry: waiverRevoked({ id, by, reason }) } : refuse(`There is no waiver "${id}" to revoke`);
}

/** Whether two waivers let through the same for the same reason: asking again, as after a lost answer, grants nothing anew. */
function isSameException(left: Waiver, right: Waiver): boolean {
  const fields = ["rule", "path", "fingerprint", "reason", "ticket", "requested_by", "expires", "emergency"] as const;
  return fields.every((field) => left[field] === right[field]);
}

function nextId(used: ReadonlySet<string>): string {
  let number = used.size + 1;
  while (used.has(`W-${number}`)) number += 1;
  return `W-${number}`;
}
