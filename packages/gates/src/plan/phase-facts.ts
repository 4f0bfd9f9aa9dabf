import type { Artifact, BeBacklog, FeTaskBreakdown } from "@gov/schema";
import { type Approval, countingApprovers } from "../approvals.ts";
import type { GateOutcome } from "../gate-outcome.ts";
import type { PhaseFacts } from "./evaluate-phase.ts";
import { deliveredWords } from "../plan-evidence.ts";

/** A task as plans write it; `milestones` beside its status says what it has reached early, such as `defined` (B-34). */
interface PlannedTask {
  readonly id: string;
  readonly owner?: string | null | undefined;
  readonly status?: string | undefined;
  readonly milestones?: unknown;
}

/** What is known where phases are judged. */
export interface KnownFacts {
  /** Validated plans: their tasks say what they have reached. */
  readonly plans: readonly (BeBacklog | FeTaskBreakdown)[];
  /** Governed documents: their ids and kinds are inputs that are there, and subjects that can be approved. */
  readonly documents: readonly Pick<Artifact, "digest" | "id" | "kind" | "path" | "status">[];
  /** Approvals of the decision log. */
  readonly approvals: readonly Approval[];
  /** Authors by path; their own approval does not count. */
  readonly authors: ReadonlyMap<string, readonly string[]>;
  readonly gates: ReadonlyMap<string, GateOutcome>;
  readonly checks: ReadonlyMap<string, GateOutcome>;
  /** Inputs that are no documents, such as a repository. */
  readonly inputs: readonly string[];
}

/**
 * The facts that phases are judged on (PLN-03, PLN-04): a task whose status says that it is delivered is `complete`; a document that says
 * `approved`, with an approval of exactly its bytes by somebody else, is approved under its id and its kind; when every task has an owner,
 * the input `owners` is there.
 */
export function phaseFactsOf({ plans, documents, approvals, authors, gates, checks, inputs }: KnownFacts): PhaseFacts {
  const tasks = plans.flatMap((plan) => plan.tasks as readonly PlannedTask[]);
  const isApproved = ({ digest, path, status }: KnownFacts["documents"][number]): boolean =>
    status === "approved" && countingApprovers(approvals, { digest, authors: authors.get(path) ?? [], purpose: "review" }).length > 0;
  const names = (found: KnownFacts["documents"]): readonly string[] => found.flatMap(({ id, kind }) => [id, kind]);
  const hasOwners = tasks.length > 0 && tasks.every(({ owner }) => (owner ?? "").trim() !== "");
  return {
    milestones: new Map(tasks.map((task) => [task.id, milestonesOf(task)])),
    gates,
    checks,
    approvals: new Set(names(documents.filter(isApproved))),
    inputs: new Set([...names(documents), ...inputs, ...(hasOwners ? ["owners"] : [])]),
  };
}

function milestonesOf({ status, milestones }: PlannedTask): readonly string[] {
  const reached = Array.isArray(milestones) ? milestones.filter((item): item is string => typeof item === "string") : [];
  return deliveredWords.has(status?.toLowerCase() ?? "") ? [...reached, "complete"] : reached;
}
