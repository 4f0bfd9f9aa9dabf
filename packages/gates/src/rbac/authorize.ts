import type { JsonValue, RbacSpec } from "@gov/schema";
import type { EnforcementMode } from "../enforcement/enforcement-mode.ts";
import type { Actor } from "./actor.ts";

/** Who may do what to the documents, metadata and snapshots at some paths, on top of the permissions of roles (GOV-14). */
export interface AccessRule {
  /** Exact path, a folder as `.gov/snapshots/**`, or `**` for every path. */
  readonly path: string;
  /** Actions it guards, such as `snapshot:read` or `snapshot:*`. */
  readonly actions: readonly string[];
  /** Roles that may; of several rules for one path each must allow. */
  readonly roles: readonly string[];
}

/** What somebody wants to do, and to what. */
export interface AccessRequest {
  readonly actor: Actor;
  /** Area and verb, such as `gate:run` or `waiver:approve`. */
  readonly action: string;
  readonly subject: {
    readonly id: string;
    /** Null when the subject is no file. */
    readonly path: string | null;
    /** Who made it; they may not approve it. */
    readonly authors: readonly string[];
  };
}

/** The rules of access. */
export interface AccessPolicy {
  /** Null denies everything, unless {@link AccessPolicy.openWithoutRbac}. */
  readonly rbac: RbacSpec | null;
  readonly acls: readonly AccessRule[];
  /** Whether an unproven name may read and nothing more. */
  readonly requireProof: boolean;
  /** Whether everybody may everything while nobody has written an rbac policy. @default false */
  readonly openWithoutRbac?: boolean | undefined;
}

/** Whether something is allowed, and why. */
export interface AccessDecision {
  readonly isAllowed: boolean;
  readonly reason: string;
}

/**
 * Decides whether an actor may do something; what nothing allows is denied (GOV-12). A permission is an action, `area:*` or `*`. Whoever
 * made something may not approve it, whatever their roles; where the policy demands proof, an unproven name may only read.
 *
 * @example Deny what nobody allowed
 * ```ts
 * import assert from "node:assert/strict";
 * import { authorize } from "@gov/gates/rbac";
 *
 * const rbac = { roles: { lead: { permissions: ["waiver:*"] } }, actors: { ada: ["lead"] } };
 * const policy = { rbac, acls: [], requireProof: true };
 * const request = { action: "waiver:approve", subject: { id: "W-1", path: null, authors: ["bob"] } };
 * assert.equal(authorize({ ...request, actor: { name: "ada", proof: "signature" } }, policy).isAllowed, true);
 * assert.equal(authorize({ ...request, actor: { name: "ada", proof: null } }, policy).reason, "the name ada is not proven");
 * assert.equal(authorize({ ...request, actor: { name: "eve", proof: "ci" } }, policy).reason, "eve has no role");
 * ```
 */
export function authorize(request: AccessRequest, policy: AccessPolicy): AccessDecision {
  const { actor, action, subject } = request;
  const { rbac, acls, requireProof } = policy;
  const deny = (reason: string): AccessDecision => ({ isAllowed: false, reason });
  if (rbac === null)
    return policy.openWithoutRbac === true
      ? { isAllowed: true, reason: "nobody has written an rbac policy" }
      : deny("there is no rbac policy");
  const roles = Object.hasOwn(rbac.actors, actor.name) ? (rbac.actors[actor.name] as readonly string[]) : [];
  if (roles.length === 0) return deny(`${actor.name} has no role`);
  if (requireProof && !isProof(actor.proof) && !action.endsWith(":read")) return deny(`the name ${actor.name} is not proven`);
  if (action.endsWith(":approve") && subject.authors.some((author) => isSamePerson(author, actor.name)))
    return deny(`${actor.name} is an author of ${subject.id}`);
  const granting = roles.filter((role) => permissionsOf(rbac, role).some((permission) => grants(permission, action)));
  if (granting.length === 0) return deny(`no role of ${actor.name} permits ${action}`);
  const closed = acls.find((rule) => guards(rule, request) && !rule.roles.some((role) => roles.includes(role)));
  if (closed !== undefined) return deny(`${closed.path} is open to ${closed.roles.join(", ")} only`);
  return { isAllowed: true, reason: `role ${granting.join(", ")} permits ${action}` };
}

/**
 * The rules of access of a root: its rbac policy, and whether the policy demands proof. Where there is none yet, everybody may everything
 * as long as enforcement blocks nothing; from `soft_block` on nobody may anything (GOV-15).
 */
export function accessPolicyOf(rbac: RbacSpec | null, options: { readonly mode: EnforcementMode }): AccessPolicy {
  const openWithoutRbac = options.mode === "solo" || options.mode === "shadow";
  return { rbac, acls: [], requireProof: rbac?.require_proof === true, openWithoutRbac };
}

/** An entry of the decision log: somebody was denied something. */
export type AccessDenied = {
  readonly type: "ACCESS_DENIED";
  readonly payload: {
    readonly actor: string;
    readonly proof: Actor["proof"];
    readonly action: string;
    readonly subject: string;
    readonly reason: string;
  };
};

/** The entry that records a denial; null for what was allowed. */
export function accessDenied({ actor, action, subject }: AccessRequest, decision: AccessDecision): AccessDenied | null {
  if (decision.isAllowed) return null;
  return {
    type: "ACCESS_DENIED",
    payload: { actor: actor.name, proof: actor.proof, action, subject: subject.id, reason: decision.reason },
  };
}

/** Hears what happens; telemetry listens. */
export interface Observer {
  readonly event: (name: string, fields: Readonly<Record<string, JsonValue>>) => void;
}

/** Decides as {@link authorize} does, and tells the observer of every denial (GOV-13). */
export function authorizeObserved(request: AccessRequest, policy: AccessPolicy, options: { readonly observer: Observer }): AccessDecision {
  const decision = authorize(request, policy);
  const denial = accessDenied(request, decision);
  if (denial !== null) options.observer.event("access.denied", denial.payload);
  return decision;
}

/** What plain JavaScript leaves out, or makes up, proves nobody. */
function isProof(proof: unknown): boolean {
  return proof === "ci" || proof === "signature";
}

function permissionsOf(rbac: RbacSpec, role: string): readonly string[] {
  return Object.hasOwn(rbac.roles, role) ? (rbac.roles[role] as RbacSpec["roles"][string]).permissions : [];
}

function grants(permission: string, action: string): boolean {
  if (permission === "*" || permission === action) return true;
  return permission.endsWith(":*") && action.startsWith(permission.slice(0, -1));
}

function guards(rule: AccessRule, { action, subject }: AccessRequest): boolean {
  if (subject.path === null || !rule.actions.some((guarded) => grants(guarded, action))) return false;
  if (rule.path === "**") return true;
  return rule.path.endsWith("/**") ? subject.path.startsWith(rule.path.slice(0, -2)) : subject.path === rule.path;
}

function isSamePerson(a: string, b: string): boolean {
  return a.normalize("NFC").trim().toLowerCase() === b.normalize("NFC").trim().toLowerCase();
}
