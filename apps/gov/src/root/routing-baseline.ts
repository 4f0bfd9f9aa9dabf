import { join } from "node:path";
import { replaceFile } from "@gov/atomic-io";
import { type EffectiveRouting, parseRoutingBaseline, routingBaselineFile } from "@gov/hydration/drift";
import { readFileBounded } from "@gov/index-writer";
import type { Finding } from "@gov/schema";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";
import type { GovernedRoot } from "./open-root.ts";

/** The baseline of a root, with what there is to say of its file; null where there is none that can be used, then with the reason if it is there. */
export interface StoredBaseline {
  readonly baseline: EffectiveRouting | null;
  readonly findings: readonly Finding[];
}

const maxBaselineBytes = 1 << 28;

/** Reads the baseline that routing is compared with. */
export async function readBaseline(context: Context, { directory }: GovernedRoot): Promise<StoredBaseline> {
  const path = join(directory, routingBaselineFile);
  if (!(await isThere(context, path))) return { baseline: null, findings: [] };
  const read = await readFileBounded(path, { maxBytes: maxBaselineBytes, fs: context.fs, path: routingBaselineFile });
  if (!read.ok) return { baseline: null, findings: read.findings };
  const parsed = parseRoutingBaseline({ path: routingBaselineFile, bytes: read.value });
  return { baseline: parsed.ok ? parsed.value : null, findings: parsed.findings };
}

/** Replaces the baseline as a whole. */
export async function writeBaseline(context: Context, { directory }: GovernedRoot, text: string): Promise<void> {
  await replaceFile(join(directory, routingBaselineFile), text, { fs: context.fs });
}
