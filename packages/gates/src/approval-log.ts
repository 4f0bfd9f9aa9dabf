import { type Artifact, type Finding, isJsonObject, type JsonValue } from "@gov/schema";
import type { Approval } from "./approvals.ts";
import { countingApprovers } from "./approvals.ts";
import { makeFinding } from "./internal/make-finding.ts";

/** What an approval says, and what its giver signs: who, in which role, for what, of exactly which bytes of which document. */
export type ApprovalStatement = {
  readonly actor: string;
  readonly role: string;
  readonly purpose: string;
  readonly id: string;
  readonly path: string;
  readonly digest: Approval["digest"];
};

/** An entry of the decision log: somebody approved a document. */
export type ApprovalGiven = {
  readonly type: "APPROVAL_GIVEN";
  readonly payload: ApprovalStatement & {
    /** A signed envelope over the statement; null for a name that nothing proves. */
    readonly envelope: JsonValue;
  };
};

/** The statement to sign and append, or every reason why there is nothing to approve. */
export type ApprovalPlan =
  | { readonly ok: true; readonly statement: ApprovalStatement; readonly isGiven: boolean }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Plans the approval of a document as its bytes stand (B-45): they must already say `status: approved`, because approving never edits them, and
 * nobody approves their own, or in a role that they do not have. `isGiven` says that the same person has approved the same bytes before, so that nothing needs to be appended: never
 * that they did so without proof, where now they can prove it.
 */
export function planApproval(
  document: Pick<Artifact, "digest" | "id" | "path" | "status">,
  options: {
    readonly actor: string;
    readonly role: string;
    /** Roles that the actor has, of which it must be one. @default any */
    readonly roles?: readonly string[] | undefined;
    /** @default "review" */
    readonly purpose?: string | undefined;
    /** Authors of the document. */
    readonly authors: readonly string[];
    /** Whether the approval will be proven; one that was given without proof does not stand for it. @default false */
    readonly isProven?: boolean | undefined;
    /** What was approved before. */
    readonly approvals: readonly Approval[];
  },
): ApprovalPlan {
  const { actor, role, roles, purpose = "review", authors, isProven = false, approvals } = options;
  const { digest, id, path, status } = document;
  const findings: Finding[] = [];
  const refuse = (message: string, hint: string): void =>
    void findings.push(makeFinding("GATES_APPROVAL_REFUSED", message, { path, hint }));
  if (status !== "approved")
    refuse(
      `"${id}" says ${status ?? "no status"}: only bytes that say approved can be approved`,
      "Write status: approved first; the approval is for those bytes",
    );
  const own = { actor, role, purpose, digest, isProven: true };
  if (countingApprovers([own], { digest, purpose, authors }).length === 0)
    refuse(`${actor} is an author of "${id}"`, "Ask somebody else: nobody approves their own");
  if (roles?.includes(role) === false)
    refuse(`${actor} does not have the role "${role}"`, `Approve in a role of your own: ${roles.join(", ")}`);
  if (findings.length > 0) return { ok: false, findings };
  const before = approvals.filter((approval) => approval.actor === actor && approval.role === role);
  const isGiven = countingApprovers(before, { digest, purpose, authors: [], requireProof: isProven }).length > 0;
  return { ok: true, statement: { actor, role, purpose, id, path, digest }, isGiven };
}

/**
 * Folds a log into the approvals that it tells, in order.
 *
 * @param options.isProven - whether the envelope of an approval proves its statement by a key of the person it names.
 */
export function foldApprovals(
  entries: readonly ApprovalGiven[],
  options: { readonly isProven: (approval: ApprovalGiven["payload"]) => boolean },
): readonly Approval[] {
  return entries.map(({ payload }) => {
    const { actor, role, purpose, digest } = payload;
    return { actor, role, purpose, digest, isProven: options.isProven(payload) };
  });
}

/** True when a value read from a log is an approval. */
export function isApprovalGiven(value: JsonValue): boolean {
  if (!isJsonObject(value) || value["type"] !== "APPROVAL_GIVEN" || !isJsonObject(value["payload"])) return false;
  const { payload } = value;
  const isText = (name: string) => typeof payload[name] === "string" && payload[name] !== "";
  const { digest } = payload;
  return ["actor", "role", "purpose", "id", "path"].every(isText) && typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest);
}
