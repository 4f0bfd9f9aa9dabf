import { compareFindings, type Finding, type Result } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { byPath, checkRecord, type IndexRecord, isIndexPath, recordFault } from "../index-record.ts";
import { planIndexChanges } from "../plan-index-changes.ts";
import { fileFinding } from "../scan/file-finding.ts";

/** A document as it stands. */
export interface BackfillInput {
  /** POSIX path relative to the root. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a document has to become. */
export interface BackfillTarget {
  /** Where routing wants it. */
  readonly path: string;
  /** What its schema wants it to say. */
  readonly bytes: Uint8Array;
  /** What the index has to keep of it then. */
  readonly record: IndexRecord;
}

/** Options of {@link planBackfill}. */
export interface PlanBackfillOptions {
  /**
   * Says what a document has to become, from its path and bytes alone; null for one that is not governed. Given its own result it must answer the same: that makes
   * a second run do nothing.
   */
  readonly migrate: (input: BackfillInput) => Result<BackfillTarget | null>;
  /** Records that the index has. @default none */
  readonly records?: Iterable<IndexRecord> | undefined;
}

/** What happens to one document: nothing, new content, a new place, both, or the removal of a copy that an interrupted move left. */
export type BackfillChange = "none" | "rewrite" | "move" | "rewrite_and_move" | "remove_copy";

/** What is done with one document. */
export interface BackfillStep {
  readonly change: BackfillChange;
  readonly from: string;
  readonly to: string;
  /** Digest of what must stand at `from` for the step to be taken. */
  readonly before: Digest;
  readonly bytes: Uint8Array;
}

/** A migration, ready to be looked at and applied. */
export interface BackfillPlan {
  /** Sorted by `from`. */
  readonly steps: readonly BackfillStep[];
  /** Paths that are not governed, sorted. */
  readonly skipped: readonly string[];
  /** Records that the index lacks or has otherwise, and paths that it has and should not. */
  readonly put: readonly IndexRecord[];
  readonly remove: readonly string[];
  /** Sorted; a document with a finding of severity `error` has no step and keeps its record. */
  readonly findings: readonly Finding[];
}

/**
 * Plans the migration of existing documents to schema, routing and index (IDX-15). Pure: a dry run is the plan itself. Applied and planned again, it has nothing to do.
 *
 * @example Look before you migrate
 * ```ts
 * import assert from "node:assert/strict";
 * import { planBackfill } from "@gov/index-writer";
 * import { digestBytes } from "@gov/schema/canonical";
 *
 * const migrate = ({ path, bytes }) => {
 *   const text = Buffer.from(bytes).toString("utf8");
 *   const next = Buffer.from(text.startsWith("---\n") ? text : `---\nstatus: draft\n---\n${text}`);
 *   const to = path.startsWith("plans/") ? path : `plans/${path}`;
 *   const facts = { id: to, kind: "plan", version: null, status: "draft", title: null, owners: [], tags: [] };
 *   return { ok: true, findings: [], value: { path: to, bytes: next, record: { path: to, ...facts, digest: digestBytes(next), size: next.byteLength } } };
 * };
 * const { steps } = planBackfill([{ path: "a.md", bytes: Buffer.from("# A\n") }], { migrate });
 * assert.deepEqual(steps.map(({ change, from, to }) => [change, from, to]), [["rewrite_and_move", "a.md", "plans/a.md"]]);
 * ```
 */
export function planBackfill(inputs: readonly BackfillInput[], options: PlanBackfillOptions): BackfillPlan {
  const { migrate, records = [] } = options;
  const findings: Finding[] = [];
  const skipped: string[] = [];
  const wanted: { readonly input: BackfillInput; readonly target: BackfillTarget }[] = [];
  const standing = new Map(inputs.map((input) => [input.path, input]));
  for (const input of [...inputs].sort(byPath)) {
    if (!isIndexPath(input.path)) {
      findings.push(fileFinding("INDEX_RECORD_REFUSED", input.path, "it is no relative POSIX path inside the root"));
      continue;
    }
    const result = migrate(input);
    for (const finding of result.findings) findings.push(finding);
    if (!result.ok) continue;
    const fault = result.value === null ? null : recordFault(result.value.record, result.value.path);
    if (result.value === null) skipped.push(input.path);
    else if (fault !== null)
      findings.push(fileFinding("INDEX_RECORD_REFUSED", input.path, `as ${JSON.stringify(result.value.path)}, ${fault}`));
    else if (isStable(result.value, migrate)) wanted.push({ input, target: result.value });
    else findings.push(fileFinding("INDEX_BACKFILL_UNSTABLE", input.path, "its migration would change it again and again"));
  }
  const takers = new Map<string, string[]>();
  for (const { input, target } of wanted) takers.set(target.path, [...(takers.get(target.path) ?? []), input.path]);
  const steps: BackfillStep[] = [];
  const kept: IndexRecord[] = [];
  for (const { input, target } of wanted) {
    const step = stepOf(input, target, standing);
    const others = (takers.get(target.path) ?? []).filter((path) => path !== input.path);
    const stands = input.path !== target.path && standing.has(target.path);
    // An interrupted move left a copy; any other document there, governed or not, keeps its place.
    const isFree = step.change === "remove_copy" || (!stands && others.every((path) => isCopyOf(standing.get(path), target)));
    if (step.change === "none" || isFree) {
      steps.push(step);
      if (step.change !== "remove_copy") kept.push(checkRecord(target.record));
    } else findings.push(fileFinding("INDEX_BACKFILL_COLLISION", input.path, `"${target.path}" is where another document stands or goes`));
  }
  const failed = new Set(findings.filter(({ severity }) => severity === "error").map(({ path }) => path));
  const untouched = [...records].filter(({ path }) => failed.has(path));
  const unique = [...new Map([...untouched, ...kept].map((record) => [record.path, record])).values()];
  const { put, remove } = planIndexChanges(records, unique);
  return { steps, skipped, put, remove, findings: findings.sort(compareFindings) };
}

function isStable(target: BackfillTarget, migrate: PlanBackfillOptions["migrate"]): boolean {
  const again = migrate({ path: target.path, bytes: target.bytes });
  return again.ok && again.value !== null && again.value.path === target.path && Buffer.compare(again.value.bytes, target.bytes) === 0;
}

function stepOf(input: BackfillInput, target: BackfillTarget, standing: ReadonlyMap<string, BackfillInput>): BackfillStep {
  const isSame = Buffer.compare(input.bytes, target.bytes) === 0;
  const moves = input.path !== target.path;
  const change: BackfillChange = !moves
    ? isSame
      ? "none"
      : "rewrite"
    : isCopyOf(standing.get(target.path), target)
      ? "remove_copy"
      : isSame
        ? "move"
        : "rewrite_and_move";
  return { change, from: input.path, to: target.path, before: digestBytes(input.bytes), bytes: target.bytes };
}

function isCopyOf(standing: BackfillInput | undefined, target: BackfillTarget): boolean {
  return standing !== undefined && standing.path === target.path && Buffer.compare(standing.bytes, target.bytes) === 0;
}
