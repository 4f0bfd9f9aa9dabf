import { groupChains, isManifestError, verifyChain } from "@gov/manifest";
import type { TrustPolicy } from "@gov/manifest/sign";
import { listSnapshots, readRestoreMarker, verifySnapshot } from "@gov/manifest/snapshot";
import { createManifestLedger, verifyRegistry } from "@gov/manifest/storage";
import type { Finding } from "@gov/schema";
import type { Block } from "../command.ts";
import type { Context } from "../context.ts";
import { describeFailure } from "../failure.ts";
import { chainLinks } from "./chain-links.ts";
import { cycleIds, cycleState } from "./cycle-log.ts";
import { indexState } from "./index-state.ts";
import type { Governed } from "./load-governed.ts";
import { promotionSite } from "./promotion-site.ts";
import { readLog } from "./root-log.ts";
import { sealedAt } from "./sealed-at.ts";

/** What verifying one part of a root's history found. */
interface VerifiedPart {
  readonly part: "chains" | "cycles" | "index" | "log" | "registry" | "restore" | "snapshots";
  readonly says: string;
  readonly findings: readonly Finding[];
}

/**
 * Verifies what manifests do not speak of: that the log is chained, that every cycle went only where it may, that manifests follow one
 * another without a gap or a fork, that what was published is kept, that every signed snapshot is whole, that no
 * restore was cut short, and that the index is not damaged.
 */
export async function verifyHistory(context: Context, governed: Governed, policy: TrustPolicy): Promise<readonly VerifiedPart[]> {
  const { directory } = governed.root;
  return [
    ...(await verifyLog(context, governed)),
    await verifyChains(context, governed, policy),
    await verifyPublished(context, directory),
    await verifySnapshots(context, directory, policy),
    await verifyRestore(context, directory),
    await verifyIndex(context, governed),
  ];
}

/** One line of a part, as a person reads it. */
export function partLine({ part, says, findings }: VerifiedPart): Block {
  const isBroken = findings.some(({ severity }) => severity === "error");
  return { type: "line", mark: isBroken ? "fail" : findings.length > 0 ? "warn" : "pass", text: `${part}: ${says}` };
}

async function verifyLog(context: Context, governed: Governed): Promise<readonly VerifiedPart[]> {
  try {
    const log = await readLog(context, governed.root.directory);
    const cycles = cycleIds(log).map((id) => cycleState(governed, log, id));
    const done = cycles.filter(({ isComplete }) => isComplete).length;
    return [
      {
        part: "log",
        says: `${log.entries.length} entr${log.entries.length === 1 ? "y" : "ies"}, each chained to the one before`,
        findings: [],
      },
      { part: "cycles", says: `${cycles.length}, ${done} of them complete`, findings: cycles.flatMap(({ findings }) => findings) },
    ];
  } catch (error) {
    const { code, message, findings } = describeFailure(error);
    return [{ part: "log", says: "does not hold", findings: findings.length > 0 ? findings : [broken(code, message)] }];
  }
}

/** Whether every sealed manifest follows the one it names, from the first on: none missing, exchanged or put beside another. */
async function verifyChains(context: Context, governed: Governed, policy: TrustPolicy): Promise<VerifiedPart> {
  const links = await chainLinks(context, governed);
  const { chains, findings } = groupChains(links);
  const at = await sealedAt(context, governed.root.directory);
  const broken = chains.flatMap((chain) => {
    const newest = chain.at(-1);
    if (newest === undefined) return [];
    try {
      verifyChain(chain, { policy, at: at(newest.path ?? "", newest.manifestBytes) });
      return [];
    } catch (error) {
      if (!isManifestError(error)) throw error;
      return error.findings;
    }
  });
  return { part: "chains", says: `${links.length} manifests in ${chains.length}`, findings: [...findings, ...broken] };
}

async function verifyPublished(context: Context, directory: string): Promise<VerifiedPart> {
  const { store, backend } = promotionSite(context, directory);
  try {
    const { entries, findings } = await verifyRegistry({ store, ledger: createManifestLedger(backend) });
    return { part: "registry", says: `${entries.length} manifests published`, findings };
  } catch (error) {
    const { code, message } = describeFailure(error);
    return { part: "registry", says: "does not hold", findings: [broken(code, message)] };
  }
}

async function verifySnapshots(context: Context, directory: string, policy: TrustPolicy): Promise<VerifiedPart> {
  const { store, backend } = promotionSite(context, directory);
  const records = await listSnapshots(backend);
  const findings: Finding[] = [];
  let signed = 0;
  for (const record of records) {
    // Nobody restores an unsigned one, and nothing else was promised of it.
    if (record.envelope === null) continue;
    signed += 1;
    try {
      await verifySnapshot(record, { store, policy, at: record.takenAt });
    } catch (error) {
      if (!isManifestError(error)) throw error;
      for (const finding of error.findings) findings.push(finding);
    }
  }
  return { part: "snapshots", says: `${records.length}, ${signed} of them signed`, findings };
}

async function verifyRestore({ fs }: Context, directory: string): Promise<VerifiedPart> {
  try {
    const pending = await readRestoreMarker(directory, { fs });
    if (pending === null) return { part: "restore", says: "none was cut short", findings: [] };
    return {
      part: "restore",
      says: "one was cut short",
      findings: [broken("CLI_RESTORE_PENDING", `The restore of ${pending} was cut short`)],
    };
  } catch (error) {
    const { code, message } = describeFailure(error);
    return { part: "restore", says: "nobody can tell", findings: [broken(code, message)] };
  }
}

async function verifyIndex(context: Context, governed: Governed): Promise<VerifiedPart> {
  const says = await indexState(context, governed);
  const findings = says === "damaged" ? [broken("CLI_INDEX_DAMAGED", "The index is damaged; gov index --rebuild makes it anew")] : [];
  return { part: "index", says, findings };
}

function broken(code: string, message: string): Finding {
  return { code, severity: "error", message, path: null, line: null, column: null };
}
