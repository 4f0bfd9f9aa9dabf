import type { Finding } from "@gov/schema";
import { isManifestError } from "../errors.ts";
import { finding } from "../finding-codes.ts";
import type { LedgerEntry, ManifestLedger } from "./manifest-ledger.ts";
import type { ObjectStore } from "./object-store.ts";

/** What {@link verifyRegistry} found. */
export interface RegistryReport {
  readonly entries: readonly LedgerEntry[];
  /** One for each published manifest whose bytes, or those of its envelope, are not there as they were published. */
  readonly findings: readonly Finding[];
}

/**
 * Verifies what was published: that the ledger is whole, and that every manifest and envelope it names is kept with its digest (MAN-13, MAN-14). Who signed them is
 * for `verifyChain()` to say.
 *
 * @throws {@link ManifestError} `MANIFEST_LEDGER_CORRUPT` when an entry is missing, edited or out of place.
 */
export async function verifyRegistry({
  store,
  ledger,
}: {
  readonly store: ObjectStore;
  readonly ledger: ManifestLedger;
}): Promise<RegistryReport> {
  const entries = await ledger.entries();
  const findings: Finding[] = [];
  for (const { sequence, manifestId, manifest, envelope } of entries)
    for (const [what, digest] of [
      ["manifest", manifest],
      ["envelope", envelope],
    ] as const)
      if (!(await isWhole(store.get(digest))))
        findings.push(
          finding(
            "MANIFEST_LEDGER_OBJECT_LOST",
            `The ${what} of "${manifestId}", number ${String(sequence)} of the ledger, is missing or damaged`,
          ),
        );
  return { entries, findings };
}

async function isWhole(reading: Promise<Uint8Array | null>): Promise<boolean> {
  try {
    return (await reading) !== null;
  } catch (error) {
    if (isManifestError(error) && error.code === "MANIFEST_OBJECT_CORRUPT") return false;
    throw error;
  }
}
