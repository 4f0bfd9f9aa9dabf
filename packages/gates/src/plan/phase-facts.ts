import type { Artifact, BeBacklog, FeTaskBreakdown, JsonObject } from "@gov/schema";
import { type Approval, countingApprovers } from "../approvals.ts";
import type { GateOutcome } from "../gate-outcome.ts";
import { isDelivered, taskEntries } from "../plan-evidence.ts";
import type { PhaseFacts } from "./evaluate-phase.ts";

/** What is known where phases are judged. */
export interface KnownFacts {
  /** Plans, also half filled ones: their tasks say what they have reached. */
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
 * The facts that phases are judged on (PLN-03, PLN-04): a task whose status says that it is delivered is `complete`, and `milestones`
 * beside it names what was reached early, such as `defined` (B-34); of tasks that share an id only what all of them have reached counts. A
 * document that says `approved`, with an approval of exactly its bytes by somebody else, is approved under its id and its kind. When every
 * task has an owner, the input `owners` is there.
 */
export function phaseFactsOf({ plans, documents, approvals, authors, gates, checks, inputs }: KnownFacts): PhaseFacts {
  const tasks = plans.flatMap(taskEntries);
  const isApproved = ({ digest, path, status }: KnownFacts["documents"][number]): boolean =>
    status === "approved" && countingApprovers(approvals, { digest, authors: authors.get(path) ?? [], purpose: "review" }).length > 0;
  const names = (found: KnownFacts["documents"]): readonly string[] => found.flatMap(({ id, kind }) => [id, kind]);
  const hasOwners = tasks.length > 0 && tasks.every(({ owner }) => typeof owner === "string" && owner.trim() !== "");
  return {
    milestones: reachedByAll(tasks),
    gates,
    checks,
    approvals: new Set(names(documents.filter(isApproved))),
    inputs: new Set([...names(documents), ...inputs, ...(hasOwners ? ["owners"] : [])]),
  };
}

function reachedByAll(tasks: readonly JsonObject[]): PhaseFacts["milestones"] {
  const reached = new Map<string, readonly string[]>();
  for (const task of tasks) {
    const { id } = task;
    if (typeof id !== "string") continue;
    const own = milestonesOf(task);
    reached.set(id, reached.get(id)?.filter((milestone) => own.includes(milestone)) ?? own);
  }
  return reached;
}

function milestonesOf(task: JsonObject): readonly string[] {
  const { milestones } = task;
  const reached = Array.isArray(milestones) ? milestones.filter((item): item is string => typeof item === "string") : [];
  return isDelivered(task) ? [...reached, "complete"] : reached;
}
