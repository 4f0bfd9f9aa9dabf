import { join } from "node:path";
import {
  type IndexFindingCode,
  type IndexRecord,
  type IndexRecovery,
  openIndex,
  planIndexChanges,
  readFileBounded,
  readIndex,
  rebuildIndex,
  renderIndex,
  toIndexRecord,
} from "@gov/index-writer";
import { type Call, type Command, isDryRun, type Outcome, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { indexFileDigest, readIndexCache, writeIndexCache } from "../root/index-cache.ts";
import { type ListedFile, type LoadedDocuments, loadDocuments } from "../root/load-documents.ts";
import { requireRules } from "../root/load-rules.ts";
import { rootFlags } from "../root/locate-root.ts";
import { type GovernedRoot, openRoot } from "../root/open-root.ts";

/** Findings on what may be there unseen: an index without it is no answer to what there is. */
const unread: ReadonlySet<string> = new Set<IndexFindingCode>([
  "INDEX_DEPTH_EXCEEDED",
  "INDEX_DIRECTORY_UNREADABLE",
  "INDEX_FILE_CHANGED",
  "INDEX_FILE_UNREADABLE",
]);

/** Brings `artifacts_index.json` up to date with the documents. What has not changed since the last time is not read again. */
export const indexArtifacts: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    rebuild: { type: "boolean", description: "build the index anew from the documents, whatever it says now" },
    check: { type: "boolean", description: "only say whether the index is up to date" },
  },
  examples: ["gov index", "gov index --check", "gov index --rebuild"],
  async run(context, call) {
    const onlyCheck = call.flags["check"] === true;
    const anew = call.flags["rebuild"] === true;
    if (onlyCheck && anew) throw new UsageError("--check and --rebuild exclude each other");
    const root = await openRoot(context, call, call.positionals[0]);
    if (!onlyCheck && !anew && !isDryRun(call)) return bringUpToDate(context, call, root);
    const documents = await loadDocuments(context, root);
    const records = documents.artifacts.map(toIndexRecord);
    const unseen = documents.findings.filter(({ code }) => unread.has(code));
    if (onlyCheck) return compare(await readIndexText(root.directory), renderIndex(records));
    const place = { root, rules: requireRules(root, documents) };
    await authorize(context, call, { place, deed: { action: "index:write", subject: { id: "artifacts_index.json" } } });
    const { fs, lockWaitMs: timeoutMs } = context;
    if (isDryRun(call)) return { ...planned((await readIndex(root.directory, { fs })).records, records), findings: unseen };
    const { count, digest, recovery } = await rebuildIndex(root.directory, records, { fs, timeoutMs });
    return { ...report({ count, digest, put: count, removed: 0 }, recovery), findings: unseen };

    async function readIndexText(directory: string): Promise<string | null> {
      const { records: found } = await readIndex(directory, { fs: context.fs });
      const read = await readFileBounded(join(directory, "artifacts_index.json"), { maxBytes: 1 << 30, fs: context.fs });
      return found.length === 0 && !read.ok ? null : renderIndex(found);
    }
  },
};

/** Puts and removes what has changed; a document that looks as it did when its record was written is not read again. */
async function bringUpToDate(context: Context, call: Call, root: GovernedRoot): Promise<Outcome> {
  const { fs, lockWaitMs: timeoutMs } = context;
  const { directory } = root;
  const startedMs = context.clock.now();
  const cache = await readIndexCache(context, root);
  const known = cache?.isOf(await indexFileDigest(context, directory)) === true ? cache : null;
  let isSame = false;
  const passOver = (files: readonly ListedFile[]): ReadonlySet<string> => {
    const unchanged = known?.unchanged(files) ?? new Set<string>();
    isSame = unchanged.size === files.length;
    return unchanged;
  };
  let documents = await loadDocuments(context, root, { passOver });
  const place = { root, rules: requireRules(root, documents) };
  await authorize(context, call, { place, deed: { action: "index:write", subject: { id: "artifacts_index.json" } } });
  const readAll = async (): Promise<readonly IndexRecord[]> => {
    if (documents.passedOver.length > 0) documents = await loadDocuments(context, root);
    return documents.artifacts.map(toIndexRecord);
  };
  const index = await openIndex(directory, { fs, timeoutMs, rebuild: readAll });
  try {
    // Another may have written it meanwhile, or left lines in the journal that a crash kept from the file: then no record stands for what was read once.
    const isKnown =
      !index.recovery.rebuilt && index.recovery.replayed === 0 && known?.isOf(await indexFileDigest(context, directory)) === true;
    const read = isKnown ? documents.artifacts.map(toIndexRecord) : await readAll();
    const kept = documents.passedOver.flatMap(({ path }) => index.get(path) ?? []);
    const { put, remove } = planIndexChanges(index.list(), [...kept, ...read]);
    if (put.length + remove.length > 0) await index.change({ put, remove });
    const { count, digest } = await index.checkpoint();
    if (!isKnown || !isSame || put.length + remove.length > 0) await remember(documents);
    const unseen = documents.findings.filter(({ code }) => unread.has(code));
    return { ...report({ count, digest, put: put.length, removed: remove.length }, index.recovery), findings: unseen };
  } finally {
    await index.close();
  }

  /** Only what was read, or stands for what was: a file that this user cannot read is looked at again by everybody. */
  async function remember({ inputs, passedOver, listed }: LoadedDocuments): Promise<void> {
    const digest = await indexFileDigest(context, directory);
    if (digest === null) return;
    const seen = new Set([...inputs, ...passedOver].map(({ path }) => path));
    await writeIndexCache(context, root, { files: listed.filter(({ path }) => seen.has(path)), digest, startedMs });
  }
}

function planned(found: readonly IndexRecord[], wanted: readonly IndexRecord[]): Outcome {
  const { put, remove } = planIndexChanges(found, wanted);
  const text = `${wanted.length} artifacts: ${put.length} to put, ${remove.length} to remove; nothing was written`;
  return {
    data: { count: wanted.length, put: put.length, removed: remove.length, dryRun: true },
    findings: [],
    view: [{ type: "line", mark: "pass", text }],
  };
}

function report(
  result: { readonly count: number; readonly digest: string; readonly put: number; readonly removed: number },
  { rebuilt, steps }: IndexRecovery,
): Outcome {
  const { count, digest, put, removed } = result;
  const text = `${count} artifact${count === 1 ? "" : "s"} in artifacts_index.json (${put} put, ${removed} removed), ${digest}`;
  const mended = rebuilt ? steps.filter(({ step }) => step === "verify_checksums" || step === "rebuild").map(({ detail }) => detail) : [];
  return {
    data: { ...result, rebuilt },
    findings: [],
    view: [
      { type: "line", mark: "pass", text },
      { type: "lines", lines: mended },
    ],
  };
}

function compare(found: string | null, wanted: string): Outcome {
  const upToDate = found === wanted;
  return {
    data: { upToDate, isThere: found !== null },
    findings: [],
    exitCode: upToDate ? exitCodes.ok : exitCodes.findings,
    view: [
      upToDate
        ? { type: "line", mark: "pass", text: "artifacts_index.json is up to date" }
        : { type: "line", mark: "fail", text: `artifacts_index.json ${found === null ? "is not there" : "is out of date"}: gov index` },
    ],
  };
}
