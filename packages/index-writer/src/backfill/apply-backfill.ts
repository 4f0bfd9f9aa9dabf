import { dirname, join } from "node:path";
import {
  createFileOnce,
  ensureDirectory,
  type FileSystem,
  isAtomicIoError,
  nodeFileSystem,
  type RandomBytes,
  replaceFile,
  syncDirectory,
} from "@gov/atomic-io";
import { compareFindings, type Finding } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import type { ArtifactIndex } from "../artifact-index.ts";
import { IndexError } from "../errors.ts";
import { isIndexPath } from "../index-record.ts";
import { diskFailure } from "../internal/disk-failure.ts";
import { leadsOutside } from "../internal/leads-outside.ts";
import { fileFinding } from "../scan/file-finding.ts";
import { readFileBounded } from "../scan/read-file-bounded.ts";
import type { BackfillPlan, BackfillStep } from "./plan-backfill.ts";

/** Options of {@link applyBackfill}. */
export interface ApplyBackfillOptions {
  /** The index that takes the records. */
  readonly index: ArtifactIndex;
  /** Whether a plan with findings of severity `error` is refused, or applied as far as it goes. @default "refuse" */
  readonly findings?: "refuse" | "apply_rest" | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/** What {@link applyBackfill} did. */
export interface BackfillResult {
  /** Steps taken, in their order. */
  readonly applied: readonly BackfillStep[];
  readonly put: number;
  readonly removed: number;
  /** Those of the plan, and of documents that were changed since it was made: these were left as they are. */
  readonly findings: readonly Finding[];
}

/**
 * Applies a migration: writes every document durably in its new form and place, removes it from its old one, and then makes one change of the index. It overwrites
 * nothing that the plan has not seen, and writes nothing outside the root: a step on whose way a symbolic link leads out of it is not taken. After a crash, plan and
 * apply again: what was done stays, the rest follows.
 *
 * @throws {@link IndexError} `INDEX_BACKFILL_REFUSED` for a plan with errors, or with a step from or to anything but a relative path inside the root; nothing has changed.
 */
export async function applyBackfill(root: string, plan: BackfillPlan, options: ApplyBackfillOptions): Promise<BackfillResult> {
  const { index, fs = nodeFileSystem, random } = options;
  const errors = plan.findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0 && options.findings !== "apply_rest")
    throw new IndexError("INDEX_BACKFILL_REFUSED", `Cannot apply the migration: it has ${errors} findings of severity error`, {
      details: { errors },
      hint: 'mend them and plan again, or say findings "apply_rest"',
    });
  const astray = plan.steps.flatMap(({ from, to }) => [from, to]).find((path) => !isIndexPath(path));
  if (astray !== undefined)
    throw new IndexError("INDEX_BACKFILL_REFUSED", `Cannot apply the migration: ${JSON.stringify(astray)} is no path inside the root`, {
      details: { path: astray },
      hint: "let the migration give relative POSIX paths, then plan again",
    });
  const applied: BackfillStep[] = [];
  const findings = [...plan.findings];
  const left = new Set<string>();
  for (const step of plan.steps) {
    const fault = step.change === "none" ? null : await takeOrSay(step, { root, fs, random });
    if (fault === null) {
      if (step.change !== "none") applied.push(step);
    } else {
      findings.push(fault);
      left.add(step.to);
      left.add(step.from);
    }
  }
  const put = plan.put.filter(({ path }) => !left.has(path));
  const remove = plan.remove.filter((path) => !left.has(path));
  await index.change({ put, remove });
  return { applied, put: put.length, removed: remove.length, findings: findings.sort(compareFindings) };
}

// What a file on the way answers to the making of a directory there, and below it.
const notADirectory: ReadonlySet<unknown> = new Set(["EEXIST", "ENOTDIR"]);

interface Place {
  readonly root: string;
  readonly fs: FileSystem;
  readonly random: RandomBytes | undefined;
}

/** Takes one step; what the file system refuses is a finding too, so that the others are taken and the index learns of them. */
async function takeOrSay(step: BackfillStep, place: Place): Promise<Finding | null> {
  try {
    return await take(step, place);
  } catch (error) {
    const refusal = diskFailure(error, step.from, "the step");
    // What it says of a write that failed is for the caller: those to come would fail as well.
    if (!isAtomicIoError(refusal) || refusal.code !== "ATOMIC_IO_READ_FAILED") throw error;
    return fileFinding("INDEX_BACKFILL_FAILED", step.from, `the step to "${step.to}" failed with ${String(refusal.details["errno"])}`);
  }
}

/** Takes one step; a finding says why it was not taken. */
async function take({ change, from, to, before, bytes }: BackfillStep, { root, fs, random }: Place): Promise<Finding | null> {
  const source = join(root, from);
  for (const path of new Set([from, to])) {
    const link = await leadsOutside(fs, root, path);
    if (link !== null) return fileFinding("INDEX_LINK_OUTSIDE", from, `the link "${link}" leads out of the root`);
  }
  const read = await readFileBounded(source, { path: from, fs, maxBytes: Number.MAX_SAFE_INTEGER });
  if (!read.ok) return read.findings[0] ?? null;
  if (digestBytes(read.value) !== before) return fileFinding("INDEX_FILE_CHANGED", from, "it has changed since the migration was planned");
  if (change === "rewrite") {
    await replaceFile(source, bytes, { fs, random });
    return null;
  }
  const target = join(root, to);
  if (change === "remove_copy") {
    // What is removed has to stand elsewhere, and that may have gone since the plan.
    const kept = await readFileBounded(target, { path: to, fs, maxBytes: Number.MAX_SAFE_INTEGER });
    if (!kept.ok || digestBytes(kept.value) !== digestBytes(bytes))
      return fileFinding("INDEX_FILE_CHANGED", from, `"${to}", of which it is a copy, has changed since the migration was planned`);
  } else {
    try {
      await ensureDirectory(dirname(target), { fs });
      await createFileOnce(target, bytes, { fs, random });
    } catch (error) {
      if (!isAtomicIoError(error)) throw error;
      if (error.code === "ATOMIC_IO_CREATE_FAILED" && notADirectory.has(error.details["errno"]))
        return fileFinding("INDEX_BACKFILL_COLLISION", from, `a file stands where a directory of "${to}" has to`);
      if (error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
      return fileFinding("INDEX_BACKFILL_COLLISION", from, `"${to}" has come to stand since the migration was planned`);
    }
  }
  // Only now: a crash before it leaves two copies, of which the next plan removes this one.
  await fs.unlink(source);
  await syncDirectory(dirname(source), { fs });
  return null;
}
