import { compileGlobs } from "@gov/schema";
import { countingApprovers } from "../approvals.ts";
import { parseLastInstant, parseTime } from "../internal/parse-time.ts";
import type { GovernedSubject } from "./governed-subject.ts";

/**
 * Checks one requirement: null when it is met, the problem when not, `undefined` when the value means nothing to it. What nobody
 * understands is never met (B-46).
 */
export type RequirementHandler = (value: unknown, subject: GovernedSubject) => string | null | undefined;

const auditTrails: readonly unknown[] = ["none", "standard", "enhanced"];

/** The requirements of the shipped rules, by name; add your own in a map built from this one (GOV-03, GOV-04). */
export const requirementHandlers: ReadonlyMap<string, RequirementHandler> = new Map<string, RequirementHandler>([
  [
    "approval_count",
    (value, subject) => {
      if (typeof value !== "number" || !Number.isInteger(value) || value < 1) return undefined;
      const found = approvers(subject).length;
      return found >= value ? null : `${value} approvals by different people are required, ${found} count`;
    },
  ],
  [
    "review_board",
    (value, subject) => {
      if (value !== true) return undefined;
      return approvers(subject, ["review_board"]).length > 0 ? null : "the review board has not approved";
    },
  ],
  [
    "emergency_contact",
    (value, { emergencyContact }) => (value === "required" ? missing("emergency contact", emergencyContact) : undefined),
  ],
  ["rollback_plan", (value, { rollbackPlan }) => (value === "mandatory" ? missing("rollback plan", rollbackPlan) : undefined)],
  [
    "audit_trail",
    (value, { auditTrail }) => {
      if (!auditTrails.includes(value)) return undefined;
      return auditTrails.indexOf(auditTrail) >= auditTrails.indexOf(value)
        ? null
        : `the audit trail is ${auditTrail}, ${String(value)} is required`;
    },
  ],
  ["change_freeze", (value, subject) => (value === "check_calendar" ? freezeProblem(subject) : undefined)],
  [
    "documentation",
    (value, { documentation }) => {
      if (typeof value !== "string") return undefined;
      return documentation.includes(value) ? null : `the documentation was not checked against ${value}`;
    },
  ],
]);

function approvers({ approvals, digest, authors }: GovernedSubject, roles?: readonly string[]): readonly string[] {
  return countingApprovers(approvals, { digest, authors, purpose: "review", roles });
}

function missing(what: string, text: string | null): string | null {
  return text === null || text.trim() === "" ? `there is no ${what}` : null;
}

/** A date that cannot be read is inside every freeze, and every date is inside one that ends before it begins. */
function freezeProblem(subject: GovernedSubject): string | null {
  const { scheduledFor, freezes } = subject;
  if (scheduledFor === null) return "nobody said when it happens";
  const when = parseTime(scheduledFor);
  // A date without a time means the whole day, of a freeze and of what happens.
  const until = parseLastInstant(scheduledFor);
  if (when === null || until === null) return `it happens at "${scheduledFor}", which is no time`;
  const freeze = freezes.find(({ from, to, scope }) => {
    if (scope !== undefined && !scope.some((word) => isInScope(word, subject))) return false;
    const [begin, end] = [parseTime(from), parseLastInstant(to)];
    return begin === null || end === null || end < begin || (until >= begin && when <= end);
  });
  return freeze === undefined ? null : `it happens on ${scheduledFor}, within the freeze "${freeze.id}"`;
}

/** A word with a slash, a dot or a star is a glob of paths, any other the name of a stream. What the subject does not say is in scope. */
function isInScope(word: string, { path, stream = null }: GovernedSubject): boolean {
  if (!/[/.*]/.test(word)) return stream === null || stream === word;
  const globs = compileGlobs({ include: [word] });
  return path === null || !globs.ok || globs.value(path);
}
