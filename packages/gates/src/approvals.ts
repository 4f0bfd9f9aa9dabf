import type { Digest } from "@gov/schema/canonical";
import { sortedUnique } from "./internal/text-order.ts";

/** One person's word for something (B-45): who, in which role, for exactly which bytes. */
export interface Approval {
  /** The person; two keys of one person are one actor. */
  readonly actor: string;
  readonly role: string;
  /** What it approves, such as `review` or `retrospective`. */
  readonly purpose: string;
  /** Digest of what was approved; an approval counts for nothing else. */
  readonly digest: Digest;
  /** True when a signature by a key bound to the person, or a CI identity, proved the actor. */
  readonly isProven: boolean;
}

/** Which approvals count. */
export interface CountApprovalsOptions {
  readonly digest: Digest;
  readonly purpose: string;
  /** Authors of what is approved; their own approval does not count. */
  readonly authors: readonly string[];
  /** Roles that may approve. @default every role */
  readonly roles?: readonly string[] | undefined;
  /** Whether only proven actors count. @default false */
  readonly requireProof?: boolean | undefined;
}

/**
 * The different actors whose approval counts, in order: bound to the digest, for the purpose, in an allowed role, and no author.
 * Names are compared without regard to case and outer space, so that no spelling makes one person two.
 *
 * @example Count the approvals of a plan
 * ```ts
 * import assert from "node:assert/strict";
 * import { countingApprovers } from "@gov/gates";
 * import { digestBytes } from "@gov/schema/canonical";
 *
 * const digest = digestBytes(Buffer.from("the plan"));
 * const approval = { role: "lead", purpose: "review", digest, isProven: true };
 * const approvals = [{ ...approval, actor: "ada" }, { ...approval, actor: "Ada" }, { ...approval, actor: "bob" }];
 * assert.deepEqual(countingApprovers(approvals, { digest, purpose: "review", authors: ["bob"] }), ["ada"]);
 * ```
 */
export function countingApprovers(approvals: readonly Approval[], options: CountApprovalsOptions): readonly string[] {
  const { digest, purpose, authors, roles, requireProof = false } = options;
  const own = new Set(authors.map(personOf));
  const counting = approvals.filter(
    (approval) =>
      approval.digest === digest &&
      approval.purpose === purpose &&
      (roles === undefined || roles.includes(approval.role)) &&
      (approval.isProven || !requireProof),
  );
  return sortedUnique(counting.map(({ actor }) => personOf(actor))).filter((actor) => actor !== "" && !own.has(actor));
}

function personOf(actor: string): string {
  return actor.normalize("NFC").trim().toLowerCase();
}
